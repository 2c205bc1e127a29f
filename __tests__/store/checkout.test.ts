import { startTestStore, type TestStore } from "./kit/store";

describe("a purchase with SEQR", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  it("shows the code, takes the payment, places the order and refunds a part of it", async () => {
    const shopper = store.shopper();
    const cart = await shopper.fillCart();
    const session = await shopper.startPayment();

    expect(session.data).toMatchObject({
      status: "waiting",
      amount: cart.total.toFixed(2),
      currency_code: "SEK",
      qr_text: expect.stringMatching(/^HTTP:\/\/SEQR\.SE\/R\d+$/),
      deep_link: expect.stringMatching(/^seqr:\/\/SEQR\.SE\/R\d+$/),
      qr_svg: expect.stringContaining("<svg"),
    });
    expect(await shopper.status(session)).toMatchObject({ status: "waiting" });

    await store.sandbox.phone.pay(session.data.qr_text);
    const paid = await shopper.statusBecomes(session, "paid");
    const completed = await shopper.complete();
    expect(completed).toMatchObject({ type: "order", order: { id: paid.order?.id, display_id: paid.order?.display_id } });

    const staff = await store.staff();
    const orderId = paid.order?.id ?? "";
    const payment = await staff.payment(orderId);
    expect(payment).toMatchObject({ amount: cart.total, captured_at: expect.any(String) });
    await staff.refund(orderId, 100);

    const [seqr] = await staff.seqrPayments(orderId);
    expect(seqr).toMatchObject({
      invoice_reference: session.data.invoice_reference,
      ers_reference: paid.ers_reference,
      state: "settled",
      amount: cart.total.toFixed(2),
      refunds: [{ amount: "100.00", state: "done", refund_reference: expect.stringMatching(/^\d{25}$/) }],
    });
    expect(seqr?.refunds[0]?.refund_reference).not.toBe(paid.ers_reference);
  });
});
