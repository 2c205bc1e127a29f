import { ApiError, until } from "../../testkit/http";
import { startTestStore, type TestStore } from "./kit/store";

describe("a cart that changes", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await startTestStore();
  });
  afterAll(() => store?.stop());

  const statusAtSeqr = (reference: string) => store.sandbox.core.invoice(reference)?.status;
  const payable = () => store.sandbox.invoices().filter((invoice) => invoice.status === "ISSUED").length;

  it("has its invoice cancelled, and gets a new one over the new total", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const first = await shopper.startPayment();
    await shopper.addItem("NOTE-A5");
    expect(await shopper.session()).toBeUndefined();
    expect(statusAtSeqr(first.data.invoice_reference)).toBe("CANCELED");
    expect(await shopper.status(first)).toMatchObject({ status: "superseded" });

    const second = await shopper.startPayment();
    expect(second.data.amount).toBe((await shopper.cart()).total.toFixed(2));
    await store.sandbox.phone.pay(second.data.qr_text);
    await shopper.statusBecomes(second, "paid");
  });

  it("takes two changes at once, although SEQR is slow to let the payment go", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    await shopper.startPayment();
    // Longer than the two seconds for which core waits for the cart.
    store.sandbox.faults.add({ operation: "cancelInvoice", kind: "delay", ms: 3_500 });
    await Promise.all([shopper.addItem("NOTE-A5"), shopper.addItem("COFFEE-500")]);
    expect((await shopper.cart()).items).toHaveLength(3);
  });

  it("is refused with a reason while the phone is paying, and the order is placed with the cart as it was", async () => {
    const shopper = store.shopper();
    const before = await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.beginPay(session.data.qr_text);

    const refused = await shopper.addItem("NOTE-A5").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: "SEQR_PAYMENT_IN_PROGRESS",
        message: expect.stringContaining("is paying, or has just paid"),
      },
    });
    // Asking again changes nothing: it is refused again.
    await expect(shopper.addItem("NOTE-A5")).rejects.toMatchObject({ status: 409 });
    const cart = await shopper.cart();
    expect(cart.total).toBe(before.total);
    expect(cart.items).toHaveLength(before.items.length);
    expect((await shopper.session())?.id).toBe(session.id);

    await store.sandbox.phone.finishPay(session.data.qr_text);
    const paid = await shopper.statusBecomes(session, "paid");
    expect(await (await store.staff()).payment(paid.order?.id ?? "")).toMatchObject({ amount: before.total });
  });

  it("is refused after a payment that the store had not polled yet, and the order is placed", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    store.sandbox.faults.add({ operation: "notification", kind: "lost" });
    await store.sandbox.phone.pay(session.data.qr_text);
    await expect(shopper.addItem("NOTE-A5")).rejects.toMatchObject({
      body: { code: "SEQR_PAYMENT_IN_PROGRESS" },
    });
    await shopper.statusBecomes(session, "paid");
  });

  it("never has two payable codes, however often the payment is started", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const payableBefore = payable();
    const first = await shopper.startPayment();
    const second = await shopper.startPayment();
    expect(second.data.invoice_reference).not.toBe(first.data.invoice_reference);
    expect(statusAtSeqr(first.data.invoice_reference)).toBe("CANCELED");
    expect(payable()).toBe(payableBefore + 1);

    await Promise.allSettled([shopper.startPayment(), shopper.startPayment(), shopper.startPayment()]);
    expect(payable()).toBeLessThanOrEqual(payableBefore + 1);
    const live = await store.sql(
      "select 1 from seqr_invoice where cart_id = $1 and state in ('sending', 'open', 'canceling')",
      [shopper.cartId],
    );
    expect(live.length).toBeLessThanOrEqual(1);
  });

  it("cannot start a second payment while the first is being paid", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.beginPay(session.data.qr_text);
    await expect(shopper.startPayment()).rejects.toBeInstanceOf(ApiError);
    await expect(shopper.startPayment("pp_system_default")).rejects.toMatchObject({
      body: { code: "SEQR_PAYMENT_IN_PROGRESS" },
    });
    await store.sandbox.phone.finishPay(session.data.qr_text);
    await shopper.statusBecomes(session, "paid");
  });

  it("is not said to be paid with SEQR when another provider refuses the change", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const [first, second] = [await shopper.startPayment(), await shopper.startPayment("pp_system_default")];
    expect(statusAtSeqr(first.data.invoice_reference)).toBe("CANCELED");
    // The other provider's session cannot be let go.
    await store.sql(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
       create trigger refuse before update or delete on payment_session for each row
       when (old.id = '${second.id}') execute function refuse()`,
    );
    const refused = await shopper
      .addItem("NOTE-A5")
      .catch((error: unknown) => error)
      .finally(() => store.sql("drop function refuse cascade"));
    expect(refused).toMatchObject({
      status: 500,
      body: { message: "Could not delete all payment sessions" },
    });
  });

  it("may change when SEQR cannot be reached; the old code is cancelled as soon as it can", async () => {
    const shopper = store.shopper();
    await shopper.fillCart();
    const session = await shopper.startPayment();
    store.sandbox.faults.add({ operation: "cancelInvoice", kind: "lost-request" });
    await shopper.addItem("NOTE-A5");
    await until(
      async () => statusAtSeqr(session.data.invoice_reference),
      (status) => status === "CANCELED",
    );
    const next = await shopper.startPayment();
    expect(next.data.amount).toBe((await shopper.cart()).total.toFixed(2));
  });

  it("ignores what the shopper writes into the session's data", async () => {
    const victim = store.shopper();
    await victim.fillCart();
    const theirs = await victim.startPayment();
    const shopper = store.shopper();
    await shopper.fillCart({ "NOTE-A5": 1 });
    const session = await shopper.startPayment("pp_seqr_seqr", {
      token: theirs.data.token,
      session_id: theirs.id,
      invoice_reference: theirs.data.invoice_reference,
      amount: "0.01",
      status: "paid",
    });
    expect(session.data).toMatchObject({
      session_id: session.id,
      amount: session.amount.toFixed(2),
      status: "waiting",
    });
    expect(session.data.token).not.toBe(theirs.data.token);
    expect(session.data.invoice_reference).not.toBe(theirs.data.invoice_reference);
    await shopper.startPayment("pp_system_default");
    expect(statusAtSeqr(theirs.data.invoice_reference)).toBe("ISSUED");
  });
});
