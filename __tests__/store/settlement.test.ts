import { until } from "./kit/http";
import type { Session } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";

describe("settling", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  const invoice = async (sessionId: string) => {
    const [row] = await store.sql<{ state: string; order_id: string | null }>(
      "select state, order_id from seqr_invoice where session_id = $1",
      [sessionId],
    );
    return row;
  };
  const statusCalls = (reference: string) =>
    store.sandbox
      .calls()
      .filter((call) => call.operation === "getPaymentStatus" && call.invoiceReference === reference);

  it("asks SEQR before its 20 seconds are over, even when placing the order takes longer", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const reference = session.data.invoice_reference;
    // Nobody can reserve stock for 24 seconds, so the completion hangs before it gets to the payment.
    const blocked = store.sql(
      "do $$ begin lock table reservation_item in access exclusive mode; perform pg_sleep(24); end $$",
    );
    const before = statusCalls(reference).length;
    await store.sandbox.phone.pay(session.data.qr_text);
    await until(
      () =>
        store.sql(
          "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'reservation_item'",
        ),
      (waiting) => waiting.length > 0,
    );
    // Core holds the cart meanwhile, and gives no reason when it refuses a change after two seconds.
    await expect(shopper.addItem("NOTE-A5")).rejects.toMatchObject({
      status: 409,
      body: { code: "SEQR_PAYMENT_IN_PROGRESS" },
    });
    await until(
      () => Promise.resolve(statusCalls(reference).length),
      (count) => count > before,
      { seconds: 19 },
    );
    await blocked;
    await shopper.statusBecomes(session, "paid", 40);
    expect(store.sandbox.core.invoice(reference)?.status).toBe("PAID");
    expect(store.sandbox.sms()).toHaveLength(0);
    const orders = await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [
      shopper.cartId,
    ]);
    expect(orders).toHaveLength(1);
  });

  it("places one order however many learn of the payment at once", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const sent = store.sandbox.core.invoice(session.data.invoice_reference)?.invoice;
    await store.sandbox.phone.pay(session.data.qr_text);
    await Promise.allSettled([
      ...Array.from({ length: 4 }, () => fetch(sent?.notificationUrl ?? "", { method: "POST" })),
      ...Array.from({ length: 4 }, () => fetch(sent?.backURL ?? "")),
      ...Array.from({ length: 4 }, () => shopper.complete()),
    ]);
    const paid = await shopper.statusBecomes(session, "paid");
    const orders = await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [
      shopper.cartId,
    ]);
    expect(orders).toHaveLength(1);
    const payment = await (await store.staff()).payment(paid.order?.id ?? "");
    expect(payment.captures).toHaveLength(1);
    expect(store.sandbox.core.transactions().filter(({ kind }) => kind === "refund")).toHaveLength(0);
  });

  it("takes in money for an order that was changed afterwards", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    const first = await shopper.startPayment();
    await store.sandbox.phone.pay(first.data.qr_text);
    const { order } = await shopper.statusBecomes(first, "paid");
    const orderId = order?.id ?? "";

    const staff = await store.staff();
    const change = async (path: string, body: unknown = {}) =>
      staff.admin("POST", `/order-edits${path}`, body);
    await change("", { order_id: orderId });
    await change(`/${orderId}/items`, {
      items: [{ variant_id: store.seeded.variants["NOTE-A5"], quantity: 1 }],
    });
    await change(`/${orderId}/confirm`);
    const collection = (await staff.order(orderId)).payment_collections.find(
      ({ payments }) => (payments ?? []).length === 0,
    );
    const { payment_collection } = await staff.admin<{ payment_collection: { payment_sessions: Session[] } }>(
      "POST",
      `/payment-collections/${collection?.id}/payment-sessions`,
      { provider_id: "pp_seqr_seqr" },
    );
    const [second] = payment_collection.payment_sessions;
    if (!second) throw new Error("no session");
    expect(second.data.amount).toBe("59.90");

    await store.sandbox.phone.pay(second.data.qr_text);
    await shopper.statusBecomes(second, "paid");
    expect(await invoice(second.id)).toEqual({ state: "settled", order_id: orderId });
    const paid = (await staff.order(orderId)).payment_collections.find(({ id }) => id === collection?.id);
    expect(paid?.payments).toMatchObject([{ amount: 59.9, captures: [{ amount: 59.9 }] }]);
  });

  it("lets Medusa's own webhook address bring about only what the ledger knows", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const body = JSON.stringify({ invoiceReference: session.data.invoice_reference });
    const hook = await fetch(`${store.server.url}/hooks/payment/seqr_seqr`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(hook.status).toBe(200);
    // Core waits five seconds before it acts on a webhook.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(await invoice(session.id)).toEqual({ state: "open", order_id: null });
    expect(await shopper.status(session)).toMatchObject({ status: "waiting" });
  });
});
