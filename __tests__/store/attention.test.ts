import type { AttentionItem } from "../../src/workflows/attention";
import { send, until } from "./kit/http";
import { refundsAtSeqr, sell, type Sale } from "./kit/sale";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

describe("the attention list", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
  });
  afterAll(() => store?.stop());
  afterEach(() => store.sandbox.faults.clear());

  const list = async ({ orderId, ersReference }: Sale): Promise<AttentionItem[]> =>
    (await staff.attention()).filter(
      ({ order_id, ers_reference }) => order_id === orderId || ers_reference === ersReference,
    );
  const listed = async (sale: Sale, seconds = 15): Promise<AttentionItem> => {
    const [item] = await until(
      () => list(sale),
      (items) => items.length > 0,
      { seconds },
    );
    if (!item) throw new Error("nothing is listed");
    return item;
  };
  const decide = ({ id }: AttentionItem, body: Record<string, unknown>) =>
    staff.admin<{ attention: AttentionItem[] }>("POST", `/seqr/attention/${id}`, body);
  const atSeqr = ({ ersReference }: Sale) =>
    refundsAtSeqr(store, ersReference).map(({ amount }) => Number(amount.value));
  const refundsInMedusa = async ({ orderId }: Sale) =>
    (await staff.payment(orderId)).refunds.map(({ amount }) => Number(amount));
  const decisions = (sale: Sale) =>
    store.sql(
      `select d.kind, d.action, d.reason from seqr_decision d join seqr_invoice i on i.id = d.invoice_id
       where i.session_id = $1 order by d.decided_at`,
      [sale.sessionId],
    );

  /** SEQR refuses every refund from now on. */
  const refuseRefunds = (resultCode: number): void => {
    store.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode, times: 1_000 });
  };

  it("is empty while nothing is wrong, and is not for strangers", async () => {
    const sale = await sell(store);
    expect(await list(sale)).toEqual([]);
    await expect(send("GET", `${store.server.url}/admin/seqr/attention`)).rejects.toMatchObject({
      status: 401,
    });
    await expect(
      send("POST", `${store.server.url}/admin/seqr/attention/x`, { body: { action: "retry" } }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it("refuses decisions that make no sense, says why, and nothing moves", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const item = await listed(sale);
    const none = { ...item, id: "seqrinv_none.refund_unknown" };
    await expect(decide(none, { action: "accept", reason: "x" })).rejects.toMatchObject({
      status: 404,
      body: { code: "SEQR_NO_SUCH_ENTRY" },
    });
    for (const body of [
      {},
      { action: "delete", reason: "x" },
      { action: "refund", reason: "x" },
      { action: "accept" },
      { action: "accept", reason: " " },
      { action: "accept", reason: 7 },
      { action: "accept", reason: "x".repeat(1_001) },
      { action: "accept", reason: "x", refund_reference: "with a space" },
    ]) {
      await expect(decide(item, body)).rejects.toMatchObject({
        status: 400,
        body: { code: "SEQR_DECISION" },
      });
    }
    expect(await decisions(sale)).toEqual([]);
    expect((await listed(sale)).kind).toBe("refund_unknown");
  });

  it("has a refund whose answer was lost; a person says that it was made, and Medusa's books have it", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const item = await listed(sale);
    expect(item).toMatchObject({
      kind: "refund_unknown",
      by_itself: null,
      next_at: null,
      order_id: sale.orderId,
      refund: { amount: "20.00" },
      decisions: [],
    });
    const reference = store.sandbox.core.transactions().pop()?.ersReference;
    const { attention } = await decide(item, {
      action: "accept",
      reason: "SEQR's report has it",
      refund_reference: reference,
    });
    expect(attention).toEqual([]);
    expect(atSeqr(sale)).toEqual([20]);
    expect(await refundsInMedusa(sale)).toEqual([20]);
    const [payment] = await staff.seqrPayments(sale.orderId);
    expect(payment?.refunds).toMatchObject([{ amount: "20.00", state: "done", refund_reference: reference }]);
    expect(await decisions(sale)).toEqual([
      { kind: "refund_unknown", action: "accept", reason: "SEQR's report has it" },
    ]);
    // What was held up by it goes on.
    await staff.refund(sale.orderId, 5);
    expect(atSeqr(sale)).toEqual([20, 5]);
  });

  it("has a refund whose request was lost; a person has it made again", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const { attention } = await decide(await listed(sale), { action: "retry", reason: "not in the report" });
    expect(attention).toEqual([]);
    expect(atSeqr(sale)).toEqual([20]);
    expect(await refundsInMedusa(sale)).toEqual([20]);
  });

  it("has a refund whose request was lost; a person lets it be", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(staff.refund(sale.orderId, 20)).rejects.toMatchObject({ status: 400 });
    const { attention } = await decide(await listed(sale), { action: "dismiss", reason: "shopper kept it" });
    expect(attention).toEqual([]);
    expect(atSeqr(sale)).toEqual([]);
    expect(await refundsInMedusa(sale)).toEqual([]);
    await staff.refund(sale.orderId, 30);
    expect(atSeqr(sale)).toEqual([30]);
  });

  it("has a cancelled order whose refund SEQR refuses, until a person has it tried again", async () => {
    const sale = await sell(store);
    refuseRefunds(97);
    await staff.cancel(sale.orderId);
    expect((await staff.order(sale.orderId)).status).toBe("canceled");
    const item = await until(
      () => listed(sale),
      ({ kind }) => kind === "return_refused",
    );
    expect(item).toMatchObject({
      state: "owed",
      reason: "order_canceled",
      problem: "SEQR_97",
      by_itself: null,
      next_at: null,
      actions: { retry: expect.any(String), accept: expect.any(String), dismiss: expect.any(String) },
    });
    expect((await decide(item, { action: "retry" })).attention).toMatchObject([{ kind: "return_refused" }]);
    expect(atSeqr(sale)).toEqual([]);
    store.sandbox.faults.clear();
    // The watch is at it, and staff are told how it ends all the same.
    await store.sql(
      "update seqr_invoice set lease_owner = 'watch', lease_until = now() + interval '2 seconds' where id = $1",
      [item.invoice_id],
    );
    expect((await decide(item, { action: "retry" })).attention).toEqual([]);
    expect(atSeqr(sale)).toEqual([sale.total]);
    expect(await refundsInMedusa(sale)).toEqual([sale.total]);
    expect((await staff.seqrPayments(sale.orderId))[0]).toMatchObject({ state: "returned" });
  });

  it("has a cancelled order whose refund SEQR refuses, until a person has returned the money in another way", async () => {
    const sale = await sell(store);
    refuseRefunds(99);
    await staff.cancel(sale.orderId);
    const item = await until(
      () => listed(sale),
      ({ kind }) => kind === "return_refused",
    );
    expect((await decide(item, { action: "accept", reason: "by bank transfer" })).attention).toEqual([]);
    expect(atSeqr(sale)).toEqual([]);
    expect((await staff.seqrPayments(sale.orderId))[0]).toMatchObject({ state: "waived" });
    expect(await decisions(sale)).toEqual([
      { kind: "return_refused", action: "accept", reason: "by bank transfer" },
    ]);
  });

  it("has a refund that is in Medusa's books since its process died, and that SEQR refuses", async () => {
    const sale = await sell(store);
    refuseRefunds(97);
    const { id } = await staff.payment(sale.orderId);
    // What core writes down before it asks the provider.
    await store.sql(
      `insert into refund (id, payment_id, amount, raw_amount, created_at, updated_at)
       values ('refund_left', $1, 20, '{"value": "20", "precision": 20}', now() - interval '5 minutes', now())`,
      [id],
    );
    const item = await listed(sale, 90);
    expect(item).toMatchObject({
      kind: "refund_missing",
      state: "settled",
      problem: "SEQR_97",
      by_itself: null,
      next_at: null,
      actions: { accept: expect.any(String), dismiss: expect.any(String) },
    });
    expect((await decide(item, { action: "accept", reason: "by bank transfer" })).attention).toEqual([]);
    expect(atSeqr(sale)).toEqual([]);
    expect(await decisions(sale)).toEqual([
      { kind: "refund_missing", action: "accept", reason: "by bank transfer" },
    ]);
  }, 180_000);

  it("lists nothing when SEQR was only away while an order was cancelled: the money goes back by itself", async () => {
    const sale = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "soap-fault", times: 3 });
    await staff.cancel(sale.orderId);
    await until(
      () => staff.seqrPayments(sale.orderId),
      ([payment]) => payment?.state === "returned",
      { seconds: 60 },
    );
    expect(atSeqr(sale)).toEqual([sale.total]);
    expect(await refundsInMedusa(sale)).toEqual([sale.total]);
    expect(await list(sale)).toEqual([]);
  });

  it("has an order that amounts to something else than was paid", async () => {
    const sale = await sell(store);
    const change = (path: string, body: unknown = {}) => staff.admin("POST", `/order-edits${path}`, body);
    await change("", { order_id: sale.orderId });
    await change(`/${sale.orderId}/items`, {
      items: [{ variant_id: store.seeded.variants["NOTE-A5"], quantity: 1 }],
    });
    await change(`/${sale.orderId}/confirm`);
    expect(await list(sale)).toEqual([]);
    // As if the process had died before it wrote down that the order was there, and staff had been faster than the next.
    await store.sql(
      "update seqr_invoice set state = 'captured', order_id = null, due_at = now() where session_id = $1",
      [sale.sessionId],
    );
    const item = await until(
      () => listed(sale),
      ({ kind }) => kind === "amount_differs",
    );
    expect(item).toMatchObject({ state: "settled", problem: "SEQR_ORDER_TOTAL_DIFFERS" });
    expect((await decide(item, { action: "accept", reason: "paid at the counter" })).attention).toEqual([]);
    expect(await list(sale)).toEqual([]);
  });

  it("has money that waits for its order, and a person who gives it back", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    // A completion that fails for a reason that may pass: a table that is away.
    await store.sql("alter table order_line_item rename to order_line_item_away");
    try {
      await store.sandbox.phone.pay(session.data.qr_text);
      const waiting = { orderId: "", sessionId: session.id, total: 0, ersReference: "" };
      const ersReference = await until(
        async () => store.sandbox.core.transactions().pop()?.ersReference ?? "",
        (reference) => reference !== "",
      );
      const sale = { ...waiting, ersReference };
      const item = await until(
        () => listed(sale, 30),
        ({ problem }) => problem === "SEQR_ORDER_FAILED",
        { seconds: 30 },
      );
      expect(item).toMatchObject({ kind: "settling", state: "paid", next_at: expect.any(String) });
      await decide(item, { action: "refund", reason: "the shopper called" });
      await until(
        () => list(sale),
        (left) => left.length === 0,
        { seconds: 30 },
      );
      expect(atSeqr(sale)).toEqual([Number(session.data.amount)]);
      expect(await shopper.status(session)).toMatchObject({ status: "returned" });
    } finally {
      await store.sql("alter table order_line_item_away rename to order_line_item");
    }
    const orders = await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [
      shopper.cartId,
    ]);
    expect(orders).toHaveLength(0);
  });
});
