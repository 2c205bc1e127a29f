import { send, until } from "../../testkit/http";
import { CANARY } from "./kit/secrets";
import { startTestStore, type TestStore } from "./kit/store";

describe("a purchase with SEQR", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  const statusAtSeqr = (reference: string) => store.sandbox.core.invoice(reference)?.status;
  /** What was sent to SEQR. */
  const contentAtSeqr = (reference: string) => {
    const found = store.sandbox.core.invoice(reference);
    if (!found) throw new Error(`SEQR has no invoice ${reference}`);
    return found.invoice;
  };

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
    expect(await shopper.complete()).toMatchObject({
      type: "order",
      order: { id: paid.order?.id, display_id: paid.order?.display_id },
    });

    const staff = await store.staff();
    const orderId = paid.order?.id ?? "";
    expect(await staff.payment(orderId)).toMatchObject({
      amount: cart.total,
      captured_at: expect.any(String),
      captures: [{ amount: cart.total }],
    });
    await staff.refund(orderId, 100);

    const [seqr] = await staff.seqrPayments(orderId);
    expect(seqr).toMatchObject({
      invoice_reference: session.data.invoice_reference,
      ers_reference: paid.ers_reference,
      state: "completed",
      amount: cart.total.toFixed(2),
      refunds: [{ amount: "100.00", state: "done", refund_reference: expect.stringMatching(/^\d{25}$/) }],
    });
    expect(seqr?.refunds[0]?.refund_reference).not.toBe(paid.ers_reference);
  });

  it("sends rows that describe the cart and add up to its total", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ "COFFEE-500": 2, SOCKS: 1 });
    const session = await shopper.startPayment();
    const content = contentAtSeqr(session.data.invoice_reference);
    expect(content).toMatchObject({
      title: "Nordic Goods",
      footer: "Thank you for shopping with us",
      cashierId: "webshop",
      acknowledgmentMode: "NO_ACKNOWLEDGMENT",
      paymentMode: "IMMEDIATE_DEBIT",
      notificationUrl: expect.stringMatching(/\/hooks\/seqr\/[\w-]{43}$/),
      backURL: expect.stringMatching(/\/seqr\/return\/[\w-]{43}$/),
      totalAmount: { currency: "SEK", value: session.data.amount },
    });
    expect(content.invoiceRows).toEqual(
      expect.arrayContaining([
        {
          itemDescription: "Coffee, dark roast, 500 g",
          itemEAN: "7310000000017",
          itemQuantity: "2",
          itemSKU: "COFFEE-500",
          itemTaxRate: "25",
          itemTotalAmount: { currency: "SEK", value: "178.00" },
          itemUnitPrice: { currency: "SEK", value: "89.00" },
        },
        expect.objectContaining({ itemSKU: "SOCKS", itemQuantity: "1" }),
        expect.objectContaining({ itemDescription: "Parcel to pick-up point" }),
      ]),
    );
    const total = content.invoiceRows?.reduce((sum, row) => sum + Number(row.itemTotalAmount?.value), 0);
    expect(total).toBeCloseTo(Number(session.data.amount), 6);
  });

  it("places the order when the shopper closed the page: the notification is enough", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    await until(
      () => store.sql("select 1 from order_cart where cart_id = $1 and deleted_at is null", [shopper.cartId]),
      (orders) => orders.length === 1,
    );
  });

  it("places the order when the page is closed and the notification is lost, within SEQR's 20 seconds", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sandbox.phone.pay(session.data.qr_text);
    const [row] = await until(
      () =>
        store.sql<{ state: string }>("select state from seqr_invoice where session_id = $1", [session.id]),
      ([found]) => found?.state === "completed",
      { seconds: 20 },
    );
    expect(row?.state).toBe("completed");
    expect(statusAtSeqr(session.data.invoice_reference)).toBe("PAID");
  });

  it("completes the payment in the ledger when the storefront completes the cart", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sandbox.phone.pay(session.data.qr_text);
    expect(await shopper.complete()).toMatchObject({ type: "order" });
    expect(await shopper.statusBecomes(session, "paid")).toMatchObject({ order: { id: expect.any(String) } });
  });

  it("answers a completion before the payment with a cart and the reason, and completes it later", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    expect(await shopper.complete()).toMatchObject({
      type: "cart",
      error: {
        type: "payment_requires_more_error",
        message: expect.stringContaining("has not been made yet"),
      },
    });
    expect((await shopper.session())?.status).toBe("pending");
    await store.sandbox.phone.pay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
  });

  it("redirects the phone to the shop with the result", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const backURL = contentAtSeqr(session.data.invoice_reference).backURL ?? "";

    const asBrowser = { headers: { accept: "text/html" } };
    const early = await (await fetch(backURL, asBrowser)).text();
    expect(early).toContain("Waiting for your payment.");
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sandbox.phone.pay(session.data.qr_text);
    const page = await until(
      async () => (await fetch(backURL, asBrowser)).text(),
      (text) => text.includes("<dt>Reference</dt>"),
    );
    expect(page).toContain(session.data.amount);
    expect(page).toContain((await shopper.status(session)).ers_reference);
  });

  it("cancels at SEQR when the shopper gives up, and lets them pay another way", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    await send("POST", `${session.data.page_url}/cancel`);
    expect(await shopper.status(session)).toMatchObject({ status: "canceled" });
    expect(statusAtSeqr(session.data.invoice_reference)).toBe("CANCELED");

    await shopper.startPayment("pp_system_default");
    expect(await shopper.complete()).toMatchObject({ type: "order" });
  });

  it("learns when the shopper cancels in the app, and when the bank refuses", async () => {
    for (const [verb, status] of [
      ["cancel", "canceled"],
      ["decline", "failed"],
    ] as const) {
      const shopper = store.shopper();
      await shopper.fillCart();
      const session = await shopper.startPayment();
      await store.sandbox.phone[verb](session.data.qr_text);
      await shopper.statusBecomes(session, status);
      expect(await shopper.complete()).toMatchObject({
        type: "cart",
        error: {
          type: "payment_authorization_error",
          message: expect.stringContaining("no money was taken"),
        },
      });
    }
  });

  it("expires an invoice: it is cancelled at SEQR and cannot be paid", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sql("update seqr_invoice set expires_at = now(), due_at = now() where session_id = $1", [
      session.id,
    ]);
    await shopper.statusBecomes(session, "expired");
    expect(statusAtSeqr(session.data.invoice_reference)).toBe("CANCELED");
  });

  it("does not stand in the way of other payment methods", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    await shopper.startPayment("pp_system_default");
    const completed = await shopper.complete();
    const staff = await store.staff();
    expect(completed.type).toBe("order");
    if (completed.type === "order") expect(await staff.seqrPayments(completed.order.id)).toEqual([]);
  });

  it("writes no password and no token to the log, and none into the session's data", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    const content = contentAtSeqr(session.data.invoice_reference);
    const notificationToken = content.notificationUrl?.split("/").pop() ?? "";
    expect(notificationToken).toHaveLength(43);
    await shopper.status(session);
    await fetch(content.notificationUrl ?? "", { method: "POST" });
    await fetch(content.backURL ?? "");
    await send("POST", `${session.data.page_url}/cancel`);
    await until(
      () => Promise.resolve(store.server.output()),
      (output) => output.includes("/seqr/payments/…/cancel"),
    );
    const log = store.server.output();
    for (const secret of [CANARY.terminal.password, session.data.token, notificationToken, CANARY.email]) {
      expect(log).not.toContain(secret);
    }
    expect(JSON.stringify(session)).not.toContain(CANARY.terminal.password);
    expect(JSON.stringify(session)).not.toContain(notificationToken);
  });
});
