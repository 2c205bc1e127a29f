import { makeCore } from "./core-fixture";

describe("cancelInvoice against the shopper (PROTOCOL 4.6)", () => {
  it("cancels an open invoice once; then it is 95", () => {
    const { call, send, status } = makeCore();
    const invoiceReference = send();
    expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(0);
    expect(status(invoiceReference)).toMatchObject({ status: "CANCELED", version: 1 });
    expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(95);
  });

  it("cancels while the shopper reads the bill, and the phone cannot pay afterwards", () => {
    const { core, call, send } = makeCore();
    const invoiceReference = send();
    core.phone.scan(invoiceReference);
    expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(0);
    expect(() => core.phone.pay(invoiceReference)).toThrow(/SANDBOX_INVOICE_CLOSED/);
    expect(core.transactions()).toEqual([]);
  });

  it("is 51 while the payment executes, and 50 after it", () => {
    const { core, call, send } = makeCore();
    const invoiceReference = send();
    core.phone.beginPay(invoiceReference);
    expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(51);
    expect(() => core.phone.cancel(invoiceReference)).toThrow(/SANDBOX_NOT_NOW/);
    core.phone.finishPay(invoiceReference);
    expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(50);
  });

  it("works again when the payment came to nothing", () => {
    const { core, call, send, status } = makeCore();
    const invoiceReference = send();
    core.phone.beginPay(invoiceReference);
    core.phone.finishPay(invoiceReference, "aborted");
    expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(0);
    expect(status(invoiceReference).status).toBe("CANCELED");
  });

  it("is 95 for what the shopper cancelled, what failed and what was reversed", () => {
    const { core, clock, call, send } = makeCore();
    const [cancelled, failed, reversed] = [send(), send(), send()];
    core.phone.cancel(cancelled);
    core.phone.decline(failed);
    core.phone.pay(reversed);
    clock.advance(20_000);
    for (const invoiceReference of [cancelled, failed, reversed]) {
      expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(95);
    }
  });

  it("releases a reservation", () => {
    const { core, call, send, status } = makeCore();
    const invoiceReference = send({ paymentMode: "RESERVATION_REQUIRED" });
    core.phone.pay(invoiceReference);
    expect(call("cancelInvoice", { invoiceReference }).resultCode).toBe(0);
    expect(status(invoiceReference).status).toBe("CANCELED");
    expect(core.transactions()).toEqual([]);
  });
});
