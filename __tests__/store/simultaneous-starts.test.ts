import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../testkit/http";
import { startTestStore, type TestStore } from "./kit/store";

describe("a payment that is started several times at once", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  const sessionsOf = (cartId: string) =>
    store.sql<{ id: string; provider_id: string; token: string }>(
      `select s.id, s.provider_id, s.data->>'token' as token from payment_session s
       join cart_payment_collection c on c.payment_collection_id = s.payment_collection_id
       where c.cart_id = $1 and s.deleted_at is null`,
      [cartId],
    );
  const slow = (): unknown => store.sandbox.faults.add({ operation: "sendInvoice", kind: "delay", ms: 600 });

  it("has one session, whose code is the one that can be paid, and becomes the order", async () => {
    const shopper = store.shopper();
    const cart = await shopper.fillCart();
    await shopper.startPayment();
    for (let starts = 0; starts < 3; starts++) slow();
    const started = await Promise.allSettled([
      shopper.startPayment(),
      shopper.startPayment(),
      shopper.startPayment(),
    ]);
    const [left, ...others] = await sessionsOf(cart.id);
    expect(others).toEqual([]);
    const sessions = started.map((one) => (one.status === "fulfilled" ? one.value : undefined));
    const session = sessions.find((one) => one?.id === left?.id);
    if (!session) throw new Error("the session that is left is none that was started");
    await store.sandbox.phone.pay(session.data.qr_text);
    expect(await shopper.complete()).toMatchObject({ type: "order" });
  });

  it("with another method beside it has the one session that came last", async () => {
    const shopper = store.shopper();
    const cart = await shopper.fillCart();
    slow();
    await Promise.allSettled([shopper.startPayment(), shopper.startPayment("pp_system_default")]);
    expect(await sessionsOf(cart.id)).toHaveLength(1);
  });

  it("by clients that go away, and one that comes again, has the last one's session", async () => {
    const shopper = store.shopper();
    const cart = await shopper.fillCart();
    await shopper.startPayment();
    const { payment_collection } = await shopper.cart();
    const startAndLeave = async (whenToLeave: () => Promise<unknown>): Promise<void> => {
      const leaving = new AbortController();
      const left = fetch(
        `${store.server.url}/store/payment-collections/${payment_collection?.id}/payment-sessions`,
        {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-publishable-api-key": store.seeded.publishable_key,
          },
          body: JSON.stringify({ provider_id: "pp_seqr_seqr" }),
          signal: leaving.signal,
        },
      );
      await Promise.race([whenToLeave(), left]);
      leaving.abort();
      await expect(left).rejects.toThrow("aborted");
    };
    const invoices = (): Promise<{ state: string; session_id: string }[]> =>
      store.sql("select state, session_id from seqr_invoice where cart_id = $1 order by created_at", [
        cart.id,
      ]);
    const isSending = (): Promise<unknown> =>
      until(invoices, (found) => found.some(({ state }) => state === "sending"));

    store.sandbox.faults.add({ operation: "sendInvoice", kind: "delay", ms: 3_000 });
    await startAndLeave(isSending);
    // It waits for the first one, of which nothing tells.
    await startAndLeave(() => pause(300));
    const session = await shopper.startPayment();
    expect(await sessionsOf(cart.id)).toMatchObject([{ id: session.id }]);
    // One for each start that was carried out, and none of them was sent while another was.
    const sent = await invoices();
    expect(sent.map(({ state }) => state)).toEqual(["canceled", "canceled", "open"]);
    await store.sandbox.phone.pay(session.data.qr_text);
    expect(await shopper.complete()).toMatchObject({ type: "order" });
  });

  it("cannot be started again once it has become an order, and keeps its session", async () => {
    const shopper = store.shopper();
    const cart = await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
    await expect(shopper.startPayment()).rejects.toMatchObject({ status: expect.any(Number) });
    expect(await sessionsOf(cart.id)).toMatchObject([{ id: session.id }]);
  });

  it("is held also where the address is written in capitals", async () => {
    const shopper = store.shopper();
    const cart = await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const done = await Promise.all([
      shopper.store<{ type: string }>("POST", `/carts/${cart.id}/Complete`),
      shopper.complete(),
    ]);
    expect(done.map(({ type }) => type)).toEqual(["order", "order"]);
    const orders = await store.sql("select order_id from order_cart where cart_id = $1", [cart.id]);
    expect(orders).toHaveLength(1);
  });
});
