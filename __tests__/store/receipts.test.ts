import { until } from "../../testkit/http";
import { receiptBecomes, receiptsAtSeqr, refundReference } from "./kit/receipts";
import { sell } from "./kit/sale";
import type { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

const CALL = "submitPaymentReceipt";

describe("SEQR's receipt", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
  });
  afterAll(() => store?.stop());

  it("of an order and of its refund is there soon, as the order page shows", async () => {
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

  it("is in the order's language, and takes markup in a title for text", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const title = `<script>alert("å")</script> & Co`;
    await store.sql("update cart set locale = 'sv-SE' where id = $1", [shopper.cartId]);
    await store.sql("update cart_line_item set product_title = $1 where cart_id = $2", [
      title,
      shopper.cartId,
    ]);
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { ers_reference = "" } = await shopper.statusBecomes(session, "paid");
    await receiptBecomes(store, ers_reference, "sent");
    const [receipt = ""] = receiptsAtSeqr(store, ers_reference);
    expect(receipt).toContain("<h1>Kvitto</h1>");
    expect(receipt).toContain(`<td>&lt;script&gt;alert(&quot;å&quot;)&lt;/script&gt; &amp; Co`);
    expect(receipt).not.toContain("<script");
  });

  it("that SEQR refuses harms nothing: it is kept as refused, and the order is refunded as ever", async () => {
    store.sandbox.faults.add({ operation: CALL, kind: "result-code", resultCode: 23, times: 3 });
    const sale = await sell(store);
    const row = await receiptBecomes(store, sale.ersReference, "refused", "sent");
    expect(row).toMatchObject({ state: "refused", result: "SEQR_23", attempts: 3 });
    expect(receiptsAtSeqr(store, sale.ersReference)).toEqual([]);
    await until(
      () => Promise.resolve(store.log()),
      (log) => log.includes("seqr event=receipt.refused"),
    );
    expect(await staff.attention()).toEqual([]);
    await staff.refund(sale.orderId, 10);
    const [payment] = await staff.seqrPayments(sale.orderId);
    expect(payment).toMatchObject({ state: "completed", problem: null, refunds: [{ state: "done" }] });
    expect(payment?.receipts[0]).toMatchObject({ state: "refused", result: "SEQR_23" });
  });

  it("whose answer is lost is sent again", async () => {
    store.sandbox.faults.add({ operation: CALL, kind: "lost-answer" });
    const sale = await sell(store);
    expect(await receiptBecomes(store, sale.ersReference, "sent")).toMatchObject({
      attempts: 2,
      result: "0",
    });
    const [first, second, ...others] = receiptsAtSeqr(store, sale.ersReference);
    expect(first).toBe(second);
    expect(others).toEqual([]);
  });
});
