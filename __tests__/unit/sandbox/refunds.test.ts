import { contextOf, FOREIGN, INVOICE, makeCore, sek } from "./core-fixture";

function refundOf(value: string) {
  return { ...INVOICE, title: "Refund", totalAmount: sek(value) };
}

describe("refunds (PROTOCOL 4.8)", () => {
  it("refunds in parts up to the full amount, each under its own reference, and then answers 98", () => {
    const { call, sell, status, core } = makeCore();
    const ersReference = sell();
    const first = call("refundPayment", { ersReference, invoice: refundOf("10") });
    const second = call("refundPayment", { ersReference, invoice: refundOf("2.5") });
    expect(new Set([ersReference, first.ersReference, second.ersReference]).size).toBe(3);
    const third = call("refundPayment", { ersReference, invoice: refundOf("0.01") });
    expect(third).toEqual({
      resultCode: 98,
      resultDescription: "Sum of refunds can not be more than original transaction",
    });
    expect(core.transactions().filter(({ kind }) => kind === "refund")).toHaveLength(2);
    expect(status(core.invoices()[0]?.invoiceReference ?? "").status).toBe("PAID");
  });

  it("refuses more than was paid without a refund", () => {
    const { call, sell } = makeCore();
    const ersReference = sell();
    expect(call("refundPayment", { ersReference, invoice: refundOf("12.51") }).resultCode).toBe(98);
    expect(call("refundPayment", { ersReference, invoice: refundOf("12.50") }).resultCode).toBe(0);
  });

  it("knows only payments of the shop that stand", () => {
    const { core, clock, call, send, sell } = makeCore();
    const ersReference = sell();
    const refund = call("refundPayment", { ersReference, invoice: refundOf("1") }).ersReference;
    const reversed = send();
    core.phone.pay(reversed);
    clock.advance(20_000);
    const codes = [undefined, "2012050100000000000000001", refund, core.invoice(reversed)?.payment].map(
      (reference) => call("refundPayment", { ersReference: reference, invoice: refundOf("1") }).resultCode,
    );
    expect(codes).toEqual([23, 23, 23, 23]);
    expect(call("refundPayment", { ersReference, invoice: refundOf("1") }, FOREIGN).resultCode).toBe(23);
  });

  it("acknowledges the payment, so that it is not reversed as well", () => {
    const { clock, core, call, send, status } = makeCore({ strict: true });
    const reference = send();
    core.phone.pay(reference);
    const { ersReference } = status(reference, 0);
    call("refundPayment", { ersReference, invoice: refundOf("12.50") });
    clock.advance(20_000);
    expect(status(reference).status).toBe("PAID");
    expect(core.sms()).toEqual([]);
  });

  it("lets another terminal of the shop refund the payment", () => {
    const { register, call, sell } = makeCore();
    const ersReference = sell();
    expect(
      call("refundPayment", { ersReference, invoice: refundOf("1") }, register().context).resultCode,
    ).toBe(0);
  });

  it("refuses another currency, an amount that is none, and a bad address", () => {
    const { call, sell } = makeCore();
    const ersReference = sell();
    const code = (more: object) =>
      call("refundPayment", { ersReference, invoice: { ...refundOf("1"), ...more } }).resultCode;
    expect(code({ totalAmount: { currency: "EUR", value: "1" } })).toBe(49);
    expect(code({ totalAmount: sek("0") })).toBe(11);
    expect(code({ totalAmount: sek("-1") })).toBe(11);
    expect(code({ totalAmount: sek("0.001") })).toBe(11);
    expect(code({ notificationUrl: "ftp://shop.example/" })).toBe(64);
    expect(call("refundPayment", { ersReference }).resultCode).toBe(49);
  });

  it("can be forbidden to the shop (97) or by the shopper's account (99)", () => {
    for (const [refunds, code] of [
      ["forbidden-to-shop", 97],
      ["forbidden-by-account", 99],
    ] as const) {
      const { call, sell } = makeCore({ refunds });
      expect(call("refundPayment", { ersReference: sell(), invoice: refundOf("1") }).resultCode).toBe(code);
    }
  });
});

describe("the merchant's receipt (PROTOCOL 2.6)", () => {
  it("is kept for payments and refunds, several times", () => {
    const { core, call, sell } = makeCore();
    const ersReference = sell();
    const refund = call("refundPayment", { ersReference, invoice: refundOf("1") }).ersReference;
    const receiptDocument = { mimeType: "text/html", receiptData: Buffer.from("<p>1"), receiptType: "OTHER" };
    for (const reference of [ersReference, ersReference, refund]) {
      const answer = call("submitPaymentReceipt", { ersReference: reference, receiptDocument });
      expect(answer).toEqual({ resultCode: 0, resultDescription: "SUCCESS" });
    }
    expect(call("submitPaymentReceipt", { ersReference, receiptDocument: {} }).resultCode).toBe(0);
    expect(core.transactions().map(({ receipts }) => receipts.length)).toEqual([3, 1]);
    expect(core.transactions()[0]?.receipts[0]).toMatchObject({ mimeType: "text/html", data: "PHA+MQ==" });
  });

  it("is refused for what is unknown", () => {
    const { call } = makeCore();
    expect(call("submitPaymentReceipt", { ersReference: "1" }).resultCode).toBe(23);
    expect(call("submitPaymentReceipt", {}, contextOf("TERMINALID", "x", "y")).resultCode).toBe(29);
  });
});
