import { send, until } from "../../testkit/http";
import type { Session, Shopper } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";
import { letTimePass } from "./kit/time";

/** Result code with which SEQR says that it has cancelled; as a fault, without having done it. */
const SAYS_CANCELED = { operation: "cancelInvoice", kind: "result-code", resultCode: 0 } as const;
/** So often that it is the same until the test lets it pass. */
const ALWAYS = 1_000;

describe("money that does not fit", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());
  afterEach(() => store.sandbox.faults.clear());

  const ledger = async (session: Session) => {
    const [row] = await store.sql<{ state: string; reason: string | null; order_id: string | null }>(
      "select state, reason, order_id from seqr_invoice where session_id = $1",
      [session.id],
    );
    return row;
  };
  const becomes = (session: Session, state: string, seconds = 20) =>
    until(
      () => ledger(session),
      (row) => row?.state === state,
      { seconds },
    );
  const payable = (session: Session) => store.sandbox.core.invoice(session.data.invoice_reference)?.stage;
  const ordersOf = (shopper: Shopper) =>
    store.sql<{ order_id: string }>(
      "select order_id from order_cart where cart_id = $1 and deleted_at is null",
      [shopper.cartId],
    );
  /** What SEQR took for an invoice, and what it gave back. */
  const atSeqr = ({ data }: Session) => {
    const all = store.sandbox.core.transactions();
    const paid = all.filter(
      ({ kind, invoiceReference }) => kind === "payment" && invoiceReference === data.invoice_reference,
    );
    const back = all.filter(
      ({ kind, refundOf }) => kind === "refund" && paid.some(({ ersReference }) => ersReference === refundOf),
    );
    return { paid: paid.map(({ amount }) => amount.value), back: back.map(({ amount }) => amount.value) };
  };
  const refundedAtSeqr = ({ data }: Session) => ({ paid: [data.amount], back: [data.amount] });
  const kept = ({ data }: Session) => ({ paid: [data.amount], back: [] });

  async function checkout(): Promise<{ shopper: Shopper; session: Session }> {
    const shopper = store.shopper();
    await shopper.fillCart();
    return { shopper, session: await shopper.startPayment() };
  }
  const giveUp = (session: Session) => send("POST", `${session.data.page_url}/cancel`);

  it("paid twice for one cart: the order keeps the first payment, the second is refunded", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request", times: ALWAYS });
    await shopper.startPayment("pp_system_default");
    expect(await shopper.complete()).toMatchObject({ type: "order" });
    expect(payable(session)).toBe("open");
    await store.sandbox.phone.pay(session.data.qr_text);
    store.sandbox.faults.clear();
    expect(await becomes(session, "refunded")).toMatchObject({ order_id: null });
    expect(atSeqr(session)).toEqual(refundedAtSeqr(session));
    expect(await ordersOf(shopper)).toHaveLength(1);
  });

  it("paid after it had expired: becomes the order", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ ...SAYS_CANCELED, times: ALWAYS });
    await letTimePass(store.sql, 3_600);
    await becomes(session, "expired");
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
    expect(atSeqr(session)).toEqual(kept(session));
    expect(await ordersOf(shopper)).toHaveLength(1);
  });

  it("paid after the shopper had cancelled: becomes the order", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add(SAYS_CANCELED);
    expect(await giveUp(session)).toMatchObject({ status: "canceled" });
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
    expect(atSeqr(session)).toEqual(kept(session));
    expect(await ordersOf(shopper)).toHaveLength(1);
  });

  it("paid while the shopper cancels: the shopper sees the order", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sandbox.phone.pay(session.data.qr_text);
    expect(await giveUp(session)).toMatchObject({ status: "paid", order: { id: expect.any(String) } });
    expect(atSeqr(session)).toEqual(kept(session));
    expect(await ordersOf(shopper)).toHaveLength(1);
  });

  it("being paid while the shopper cancels: nothing is cancelled, and the order is placed", async () => {
    const { shopper, session } = await checkout();
    await store.sandbox.phone.beginPay(session.data.qr_text);
    expect(await giveUp(session)).toMatchObject({ status: "waiting" });
    await store.sandbox.phone.finishPay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
    expect(atSeqr(session)).toEqual(kept(session));
  });

  it("paid while a cancellation waits for its answer: the missing answer does not affect the order", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ operation: "cancelInvoice", kind: "hang" });
    const givingUp = giveUp(session);
    await until(
      async () => store.sandbox.calls().some(({ operation }) => operation === "cancelInvoice"),
      (isAsked) => isAsked,
    );
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order } = await shopper.statusBecomes(session, "paid");
    await givingUp;
    const rows = await store.sql("select state, reason, problem from seqr_invoice where session_id = $1", [
      session.id,
    ]);
    expect(rows).toEqual([{ state: "completed", reason: null, problem: null }]);
    const attention = await (await store.staff()).attention();
    expect(attention.filter(({ order_id }) => order_id === order?.id)).toEqual([]);
  });

  it("paid while the cart changed and SEQR was unavailable: refunded, and the new cart can be paid", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request", times: ALWAYS });
    await shopper.addItem("NOTE-A5");
    await store.sandbox.phone.pay(session.data.qr_text);
    store.sandbox.faults.clear();
    expect(await becomes(session, "refunded", 40)).toMatchObject({ reason: "session_gone" });
    expect(atSeqr(session)).toEqual(refundedAtSeqr(session));
    const next = await shopper.startPayment();
    await store.sandbox.phone.pay(next.data.qr_text);
    await shopper.statusBecomes(next, "paid");
    expect(await ordersOf(shopper)).toHaveLength(1);
  });

  it("paid after the cart had moved to a region with another currency, while SEQR was unavailable: refunded", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request", times: ALWAYS });
    await shopper.store("POST", `/carts/${shopper.cartId}`, { region_id: store.seeded.euro_region_id });
    await store.sandbox.phone.pay(session.data.qr_text);
    store.sandbox.faults.clear();
    expect(await becomes(session, "refunded", 40)).toMatchObject({ reason: "session_gone" });
    expect(atSeqr(session)).toEqual(refundedAtSeqr(session));
    expect(await ordersOf(shopper)).toHaveLength(0);
  });

  it("paid for a cart whose total has changed: refunded", async () => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    // Something that no request of the shopper's does: a price changes underneath the payment.
    await store.sql(
      `update cart_line_item set unit_price = 1, raw_unit_price = '{"value": "1", "precision": 20}'
       where cart_id = $1`,
      [shopper.cartId],
    );
    await store.sandbox.phone.pay(session.data.qr_text);
    // The status route would complete the cart as well; here nobody but the watch asks.
    expect(await becomes(session, "refunded", 40)).toMatchObject({ reason: "amount_differs" });
    expect(atSeqr(session)).toEqual(refundedAtSeqr(session));
    expect(await ordersOf(shopper)).toHaveLength(0);
  });

  it.each([
    ["its shipping method", "update cart_shipping_method set deleted_at = now() where cart_id = $1"],
    ["the whole cart", "update cart set deleted_at = now() where id = $1"],
    ["all its items", "update cart_line_item set deleted_at = now() where cart_id = $1"],
  ])("paid for a cart that has lost %s: goes back", async (_what, statement) => {
    const { shopper, session } = await checkout();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sql(statement, [shopper.cartId]);
    await store.sandbox.phone.pay(session.data.qr_text);
    await becomes(session, "refunded", 40);
    expect(atSeqr(session)).toEqual(refundedAtSeqr(session));
    expect(await ordersOf(shopper)).toHaveLength(0);
  });
});
