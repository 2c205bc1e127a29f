import { until } from "../../testkit/http";
import { refundsAtSeqr } from "./kit/sale";
import type { Session } from "./kit/shopper";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";
import { letTimePass } from "./kit/time";

describe("processing a payment", () => {
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

  it("polls SEQR within its 20 seconds, even when placing the order takes longer", async () => {
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

  it("places one order when several processes learn of the payment at once", async () => {
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

  describe("an order that was edited afterwards", () => {
    let staff: Staff;
    beforeAll(async () => {
      staff = await store.staff();
    });

    async function change(orderId: string, path: string, body: unknown): Promise<void> {
      const send = (to: string, what: unknown = {}) => staff.admin("POST", `/order-edits${to}`, what);
      await send("", { order_id: orderId });
      await send(`/${orderId}${path}`, body);
      await send(`/${orderId}/confirm`);
    }

    /** An order with notebooks that were added to it, and the payment of them. */
    async function orderWithMore(notebooks: number) {
      const shopper = store.shopper();
      await shopper.fillCart({ MUG: 1 });
      const first = await shopper.startPayment();
      await store.sandbox.phone.pay(first.data.qr_text);
      const { order } = await shopper.statusBecomes(first, "paid");
      const orderId = order?.id ?? "";
      const items = [{ variant_id: store.seeded.variants["NOTE-A5"], quantity: notebooks }];
      await change(orderId, "/items", { items });
      const collection = (await staff.order(orderId)).payment_collections.find(
        ({ payments }) => (payments ?? []).length === 0,
      );
      const { payment_collection } = await staff.admin<{
        payment_collection: { payment_sessions: Session[] };
      }>("POST", `/payment-collections/${collection?.id}/payment-sessions`, { provider_id: "pp_seqr_seqr" });
      const [session] = payment_collection.payment_sessions;
      if (!session) throw new Error("no session");
      return { shopper, orderId, session, collectionId: collection?.id };
    }

    it("captures the additional payment that it needs", async () => {
      const { shopper, orderId, session, collectionId } = await orderWithMore(1);
      expect(session.data.amount).toBe("59.90");
      await store.sandbox.phone.pay(session.data.qr_text);
      await shopper.statusBecomes(session, "paid");
      expect(await invoice(session.id)).toEqual({ state: "completed", order_id: orderId });
      const paid = (await staff.order(orderId)).payment_collections.find(({ id }) => id === collectionId);
      expect(paid?.payments).toMatchObject([{ amount: 59.9, captures: [{ amount: 59.9 }] }]);
    });

    it("refunds a payment that is higher than it needs by then", async () => {
      const { orderId, session } = await orderWithMore(2);
      expect(session.data.amount).toBe("119.80");
      // SEQR is away when the code should be cancelled.
      store.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request", times: 1_000 });
      const { order } = await staff.admin<{ order: { items: { id: string; quantity: number }[] } }>(
        "GET",
        `/orders/${orderId}`,
      );
      const notebooks = order.items.find(({ quantity }) => quantity === 2);
      await change(orderId, `/items/item/${notebooks?.id}`, { quantity: 1 });
      await store.sandbox.phone.pay(session.data.qr_text);
      store.sandbox.faults.clear();
      await until(
        () => invoice(session.id),
        (row) => ["completed", "refunded", "canceled"].includes(row?.state ?? ""),
      );
      const paid = store.sandbox.core
        .transactions()
        .find(
          ({ kind, invoiceReference }) =>
            kind === "payment" && invoiceReference === session.data.invoice_reference,
        );
      const back = refundsAtSeqr(store, paid?.ersReference ?? "").map(({ amount }) => amount.value);
      // When SEQR cannot be told for long enough, it takes the payment back by itself.
      expect(paid?.reversed ? [paid.amount.value] : back).toEqual(["119.80"]);
    });
  });

  it("leaves an order without a due payment unchanged when its earlier code expires", async () => {
    const shopper = store.shopper();
    const { total } = await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sql(
      `insert into credit_line (id, cart_id, reference, amount, raw_amount)
       values ('cacl_all', $1, 'gift-card', $2::numeric, jsonb_build_object('value', $2::text, 'precision', 20))`,
      [shopper.cartId, String(total)],
    );
    const completed = await shopper.complete();
    if (completed.type !== "order") throw new Error(completed.error.message);
    // What is done about an order that a process has left comes long after it was placed, and once more after the end.
    await store.sql(`update "order" set created_at = created_at - interval '1 hour' where id = $1`, [
      completed.order.id,
    ]);
    await letTimePass(store.sql, 3_600);
    const row = () =>
      store.sql<{ state: string; due_at: Date | null }>(
        "select state, due_at from seqr_invoice where session_id = $1",
        [session.id],
      );
    await until(row, ([one]) => ["canceled", "expired"].includes(one?.state ?? ""));
    await store.sql(
      "update seqr_invoice set state_since = state_since - interval '1 hour', due_at = now() where session_id = $1",
      [session.id],
    );
    await until(row, ([one]) => one?.due_at === null);
    const staff = await store.staff();
    expect(await staff.order(completed.order.id)).toMatchObject({ total: 0, status: "pending" });
  });

  it("reports through Medusa's own webhook address only what the ledger knows", async () => {
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
