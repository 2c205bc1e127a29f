import { receiptBecomes, receiptsAtSeqr, refundReference } from "./kit/receipts";
import { refundsAtSeqr, refundThatCoreForgets, sell } from "./kit/sale";
import { startTestStore, type TestStore } from "./kit/store";
import type { Staff } from "./kit/staff";

describe("a refund", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
  });
  afterAll(() => store?.stop());

  const atSeqr = (ersReference: string) => refundsAtSeqr(store, ersReference);

  it("can be made in parts; each part keeps SEQR's own reference", async () => {
    const { orderId, ersReference } = await sell(store);
    await staff.refund(orderId, 100);
    await staff.refund(orderId, 48.5);
    const [payment] = await staff.seqrPayments(orderId);
    expect(payment?.refunds.map(({ amount, state }) => [amount, state])).toEqual([
      ["100.00", "done"],
      ["48.50", "done"],
    ]);
    const references = payment?.refunds.map(({ refund_reference }) => refund_reference) ?? [];
    expect(new Set([...references, ersReference]).size).toBe(3);
    expect(references).toEqual(atSeqr(ersReference).map((refund) => refund.ersReference));
    expect((await staff.payment(orderId)).refunds.map(({ amount }) => Number(amount))).toEqual([100, 48.5]);
  });

  it("gets a receipt at SEQR, as its order did, and the order page shows both", async () => {
    const sale = await sell(store);
    await receiptBecomes(store, sale.ersReference, "sent");
    const [receipt = "", ...others] = receiptsAtSeqr(store, sale.ersReference);
    expect(others).toEqual([]);
    const { display_id } = (await staff.order(sale.orderId)) as { display_id?: number };
    for (const text of [
      "text/html PAYMENT_RECEIPT\n<!doctype html>",
      ...[`<dd>#${display_id}</dd>`, "<p>Nordic Goods</p>", `<dd>${sale.ersReference}</dd>`],
      ...[`<dt>Paid with SEQR</dt><dd>SEK ${sale.total.toFixed(2)}</dd>`, "25%", "Parcel to pick-up point"],
      "Thank you for shopping with us",
    ])
      expect(receipt.replaceAll("\u00a0", " ")).toContain(text);

    await staff.refund(sale.orderId, 48.5);
    const reference = refundReference(store, sale);
    await receiptBecomes(store, reference, "sent");
    const [ofRefund = ""] = receiptsAtSeqr(store, reference);
    expect(ofRefund.replaceAll("\u00a0", " ")).toContain("<dt>Refunded with SEQR</dt><dd>SEK 48.50</dd>");
    expect(ofRefund).toContain(`<dt>Payment reference</dt><dd>${sale.ersReference}</dd>`);
    const [payment] = await staff.seqrPayments(sale.orderId);
    expect(payment?.receipts).toMatchObject([
      { refund_id: null, state: "sent", result: "0", due_at: null },
      { refund_id: payment?.refunds[0]?.id, state: "sent", result: "0" },
    ]);
    expect(payment?.receipts[0]).not.toHaveProperty("invoice_id");
  });

  it("can be of everything", async () => {
    const { orderId, ersReference, total } = await sell(store);
    await staff.refund(orderId);
    const [payment] = await staff.seqrPayments(orderId);
    expect(payment).toMatchObject({
      state: "completed",
      refunds: [{ amount: total.toFixed(2), state: "done" }],
    });
    expect(atSeqr(ersReference)).toHaveLength(1);
  });

  it("above the rest is refused, and nothing moves", async () => {
    const { orderId, ersReference, total } = await sell(store);
    await staff.refund(orderId, 100);
    await expect(staff.refund(orderId, total - 99)).rejects.toMatchObject({ status: 400 });
    expect(atSeqr(ersReference)).toHaveLength(1);
    expect((await staff.payment(orderId)).refunds).toHaveLength(1);
  });

  it.each([
    [97, "SEQR_97", "does not let this shop refund"],
    [99, "SEQR_99", "does not accept refunds"],
    [20, "SEQR_20", "Correct the password"],
  ])("that SEQR refuses with %i says why, and can be tried again", async (resultCode, code, text) => {
    const { orderId, ersReference } = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode });
    await expect(staff.refund(orderId, 10)).rejects.toMatchObject({
      status: 400,
      body: { code, message: expect.stringMatching(`^The refund was not made\\. .*${text}`) },
    });
    expect((await staff.payment(orderId)).refunds).toHaveLength(0);
    await staff.refund(orderId, 10);
    const [payment] = await staff.seqrPayments(orderId);
    expect(payment?.refunds.map(({ state }) => state)).toEqual(["refused", "done"]);
    expect(atSeqr(ersReference)).toHaveLength(1);
  });

  it("of a part, whose answer is lost, is shown as unknown, and no further one is made", async () => {
    const { orderId, ersReference } = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await expect(staff.refund(orderId, 50)).rejects.toMatchObject({
      status: 400,
      body: {
        code: "SEQR_REFUND_UNKNOWN",
        message: expect.stringMatching(
          /may have been made.*Then decide in the admin, at this payment under SEQR/,
        ),
      },
    });
    await expect(staff.refund(orderId, 50)).rejects.toMatchObject({ body: { code: "SEQR_REFUND_UNKNOWN" } });
    const [payment] = await staff.seqrPayments(orderId);
    expect(payment?.refunds).toMatchObject([{ amount: "50.00", state: "unknown", refund_reference: null }]);
    expect(atSeqr(ersReference)).toHaveLength(1);
  });

  it("of everything, whose answer is lost, is made exactly once", async () => {
    const { orderId, ersReference, total } = await sell(store);
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await staff.refund(orderId);
    const [payment] = await staff.seqrPayments(orderId);
    expect(payment?.refunds).toMatchObject([{ amount: total.toFixed(2), state: "done" }]);
    expect(atSeqr(ersReference)).toHaveLength(1);
  });

  it("that SEQR made and core lost is linked when staff request it again under another key", async () => {
    const { orderId, ersReference } = await sell(store);
    await refundThatCoreForgets(store, staff, orderId, 50);
    expect(atSeqr(ersReference)).toHaveLength(1);
    expect((await staff.payment(orderId)).refunds).toHaveLength(0);

    await staff.refund(orderId, 50);
    expect(atSeqr(ersReference)).toHaveLength(1);
    expect((await staff.payment(orderId)).refunds.map(({ amount }) => Number(amount))).toEqual([50]);
    const [payment] = await staff.seqrPayments(orderId);
    expect(payment?.refunds.map(({ amount, state }) => [amount, state])).toEqual([["50.00", "done"]]);
    // Somebody else may have seen the error as well, and not yet that it is in the books now.
    await expect(staff.refund(orderId, 50)).rejects.toMatchObject({ body: { code: "SEQR_REFUND_RECORDED" } });
    expect(atSeqr(ersReference)).toHaveLength(1);
    // Later the next one is one of its own.
    await store.sql("update seqr_refund set taken_over_at = taken_over_at - interval '1 minute'");
    await staff.refund(orderId, 50);
    expect(atSeqr(ersReference)).toHaveLength(2);
  });

  it("of the rest is made when the order is cancelled", async () => {
    const { orderId, ersReference, total } = await sell(store);
    await staff.refund(orderId, 100);
    await staff.cancel(orderId);
    expect((await staff.order(orderId)).status).toBe("canceled");
    expect(atSeqr(ersReference).map(({ amount }) => amount.value)).toEqual([
      "100.00",
      (Math.round((total - 100) * 100) / 100).toFixed(2),
    ]);
  });
});
