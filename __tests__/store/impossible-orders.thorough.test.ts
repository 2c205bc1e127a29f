import { until } from "../../testkit/http";
import type { Session, Shopper } from "./kit/shopper";
import { startTestStore, type TestStore } from "./kit/store";

describe("a payment whose order is impossible", () => {
  let store: TestStore;
  beforeAll(async () => {
    // SEQR takes the money back after 20 seconds; here after 4, so that the test need not wait.
    store = await startTestStore({ sandbox: { reversalAfter: 4_000 } });
  });
  afterAll(() => store?.stop());

  const statusAtSeqr = (reference: string) => store.sandbox.core.invoice(reference)?.status;
  const ledgerState = async (session: Session) => {
    const [row] = await store.sql<{ state: string; reason: string | null }>(
      "select state, reason from seqr_invoice where session_id = $1",
      [session.id],
    );
    return row;
  };
  const sellOut = (sku: string) =>
    store.sql(
      `update inventory_level set stocked_quantity = 0, raw_stocked_quantity = '{"value": "0", "precision": 20}'
       where inventory_item_id in (select id from inventory_item where sku = $1)`,
      [sku],
    );

  const listed = async ({ cartId }: Shopper) =>
    (await (await store.staff()).attention()).filter(({ cart_id }) => cart_id === cartId);

  async function checkout(sku: string): Promise<{ shopper: Shopper; session: Session }> {
    const shopper = store.shopper();
    await shopper.fillCart({ [sku]: 1 });
    return { shopper, session: await shopper.startPayment() };
  }

  it("is not acknowledged after a notification, so that SEQR reverses the payment", async () => {
    const { shopper, session } = await checkout("COFFEE-500");
    const reference = session.data.invoice_reference;
    await sellOut("COFFEE-500");
    await store.sandbox.phone.pay(session.data.qr_text);
    await until(
      () => ledgerState(session),
      (row) => row?.state === "unacknowledged",
    );
    expect(await shopper.status(session)).toMatchObject({ status: "checking" });

    await until(
      () => Promise.resolve(statusAtSeqr(reference)),
      (status) => status === "CANCELED",
    );
    expect(store.sandbox.sms()).toHaveLength(1);
    expect(store.sandbox.core.transactions().filter(({ kind }) => kind === "refund")).toHaveLength(0);
    expect(
      await until(
        () => ledgerState(session),
        (row) => row?.state === "canceled",
        { seconds: 45 },
      ),
    ).toMatchObject({
      reason: "reversed",
    });
    expect(await shopper.status(session)).toMatchObject({ status: "reversed" });

    expect(await listed(shopper)).toMatchObject([
      { kind: "reversed", state: "canceled", automatic_action: null, next_attempt_at: null },
    ]);
  });

  it("is reversed when SEQR was unavailable for too long; the shopper can pay again, staff see it until they dismiss it", async () => {
    const { shopper, session } = await checkout("MUG");
    store.sandbox.faults.add({ operation: "getPaymentStatus", kind: "lost-request", times: 1_000 });
    await store.sandbox.phone.pay(session.data.qr_text);
    await until(
      () => Promise.resolve(statusAtSeqr(session.data.invoice_reference)),
      (status) => status === "CANCELED",
    );
    store.sandbox.faults.clear();
    await shopper.statusBecomes(session, "reversed");
    expect(await ledgerState(session)).toEqual({ state: "canceled", reason: "reversed" });

    const [item] = await listed(shopper);
    const staff = await store.staff();
    await staff.admin("POST", `/seqr/attention/${item?.id}`, { action: "dismiss", reason: "seen" });
    expect(await listed(shopper)).toEqual([]);

    const next = await shopper.startPayment();
    await store.sandbox.phone.pay(next.data.qr_text);
    await shopper.statusBecomes(next, "paid");
  });

  it("is refunded when the watch found it, since polling is acknowledging", async () => {
    const { shopper, session } = await checkout("SOCKS");
    const reference = session.data.invoice_reference;
    await sellOut("SOCKS");
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await shopper.status(session);
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "refunded");
    expect(
      await until(
        () => ledgerState(session),
        (row) => row?.state === "refunded",
      ),
    ).toMatchObject({
      reason: "order_impossible",
    });
    expect(statusAtSeqr(reference)).toBe("PAID");
    expect(store.sandbox.core.transactions().filter(({ kind }) => kind === "refund")).toMatchObject([
      { amount: { currency: "SEK", value: session.data.amount } },
    ]);
    const orders = await store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [
      shopper.cartId,
    ]);
    expect(orders).toHaveLength(0);
  });

  it("is refunded when its payment session was deleted", async () => {
    const { shopper, session } = await checkout("NOTE-A5");
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sql("delete from payment_session where id = $1", [session.id]);
    await shopper.status(session);
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "refunded");
    // The shopper is told before SEQR has answered.
    const row = await until(
      () => ledgerState(session),
      (now) => now?.state === "refunded",
    );
    expect(row).toMatchObject({ reason: "session_gone" });
  });
});
