import type { ClientContext } from "../../../src/seqr";
import { operations, type OperationName } from "../../../src/seqr/operations";
import { contextOf, FOREIGN, INVOICE, makeCore, RESELLER, sek, TERMINAL } from "./core-fixture";

const NAMES = Object.keys(operations) as OperationName[];
const BY_TERMINAL = NAMES.filter((name) => operations[name].principal === "TERMINALID");
const BY_RESELLER = NAMES.filter((name) => operations[name].principal === "RESELLERUSER");

/** The code of every operation, called with nothing but a context. */
function codes(names: OperationName[], context: ClientContext | undefined): number[] {
  const { core } = makeCore();
  return [
    ...new Set(names.map((name) => core.perform(name, { ...(context && { context }) }).answer.resultCode)),
  ];
}

describe("who calls (PROTOCOL 8, 10)", () => {
  it("distinguishes a wrong terminal (29), shop or user (37), password (20) and principal type (91)", () => {
    const shop = "public_test_shop";
    expect(codes(BY_TERMINAL, contextOf("TERMINALID", "nobody", "12345678"))).toEqual([29]);
    expect(codes(BY_TERMINAL, contextOf("TERMINALID", "public_test_shop_terminal", "wrong"))).toEqual([20]);
    expect(codes(BY_RESELLER, contextOf("RESELLERUSER", "nobody", "1234", "9900"))).toEqual([37]);
    expect(codes(BY_RESELLER, contextOf("RESELLERUSER", shop, "1234", "1"))).toEqual([37]);
    expect(codes(BY_RESELLER, contextOf("RESELLERUSER", shop, "1234"))).toEqual([37]);
    expect(codes(BY_RESELLER, contextOf("RESELLERUSER", shop, "wrong", "9900"))).toEqual([20]);
    expect(codes(BY_RESELLER, TERMINAL)).toEqual([91]);
    expect(codes(BY_TERMINAL, RESELLER)).toEqual([91]);
    expect(codes(NAMES, contextOf("SUBSCRIBERMSISDN", "46700000001", "1234"))).toEqual([91]);
    expect(codes(NAMES, undefined)).toEqual([91]);
  });

  it("takes shop and user in one", () => {
    const { call } = makeCore();
    const context = contextOf("RESELLERUSER", "public_test_shop/9900", "1234");
    expect(call("registerTerminal", { password: "secret" }, context).resultCode).toBe(0);
  });

  it("ignores a terminal's user id", () => {
    const { call } = makeCore();
    const context = contextOf("TERMINALID", "public_test_shop_terminal", "12345678", "9900");
    expect(call("sendInvoice", { invoice: INVOICE }, context).resultCode).toBe(0);
  });
});

describe("what is asked (PROTOCOL 10, 14)", () => {
  it("refuses an invoice by its content", () => {
    const { call } = makeCore();
    const code = (more: object) => call("sendInvoice", { invoice: { ...INVOICE, ...more } }).resultCode;
    expect(call("sendInvoice", {}).resultCode).toBe(49);
    expect(code({ totalAmount: { currency: "EUR", value: "1" } })).toBe(49);
    expect(code({ totalAmount: { value: "1" } })).toBe(49);
    expect(code({ totalAmount: undefined })).toBe(11);
    expect(code({ totalAmount: { currency: "SEK" } })).toBe(11);
    expect(code({ totalAmount: sek("0.00") })).toBe(11);
    expect(code({ totalAmount: sek("-5") })).toBe(11);
    expect(code({ totalAmount: sek("1.005") })).toBe(11);
    expect(code({ notificationUrl: "shop.example/notify" })).toBe(64);
    expect(code({ notificationUrl: "javascript:alert(1)" })).toBe(64);
    expect(code({ notificationUrl: "" })).toBe(0);
    expect(code({ notificationUrl: "http://shop.example/notify?t=1" })).toBe(0);
    for (const value of ["1500", "+5", ".5", "5.", "5.10000"])
      expect(code({ totalAmount: sek(value) })).toBe(0);
  });

  it("is lenient about what the documents only recommend", () => {
    const { call } = makeCore();
    const bare = { totalAmount: sek("1") };
    expect(call("sendInvoice", { invoice: bare }).resultCode).toBe(0);
    const rows = [{ itemDescription: "x".repeat(10_000), itemTotalAmount: sek("99") }];
    expect(call("sendInvoice", { invoice: { ...bare, invoiceRows: rows } }).resultCode).toBe(0);
  });

  it("knows an invoice at its own terminal only (54)", () => {
    const { call, send } = makeCore();
    const invoiceReference = send();
    const ask = (reference: string | undefined, context?: ClientContext): number[] => [
      call("getPaymentStatus", { invoiceReference: reference, invoiceVersion: 0 }, context).resultCode,
      call("updateInvoice", { invoiceReference: reference, invoice: INVOICE }, context).resultCode,
      call("cancelInvoice", { invoiceReference: reference }, context).resultCode,
      call("commitReservation", { invoiceReference: reference }, context).resultCode,
    ];
    expect(ask("123123")).toEqual([54, 54, 54, 54]);
    expect(ask(undefined)).toEqual([54, 54, 54, 54]);
    expect(ask(invoiceReference, FOREIGN)).toEqual([54, 54, 54, 54]);
  });

  it("contains only code and description, and a version if the schema requires one", () => {
    const { call } = makeCore();
    expect(call("cancelInvoice", { invoiceReference: "1" })).toEqual({
      resultCode: 54,
      resultDescription: "INVALID_INVOICE_REFERENCE",
    });
    expect(call("getPaymentStatus", { invoiceReference: "1", invoiceVersion: 3 })).toEqual({
      resultCode: 54,
      resultDescription: "INVALID_INVOICE_REFERENCE",
      version: 0,
    });
  });

  it("gives the reason to people, and to the caller only in strict mode", () => {
    const strict = makeCore({ strict: true });
    expect(strict.call("cancelInvoice", { invoiceReference: "1" }).resultDescription).toBe(
      `INVALID_INVOICE_REFERENCE: the terminal has no invoice "1"`,
    );
    const request = { context: TERMINAL, invoiceReference: "1" };
    expect(makeCore().core.perform("cancelInvoice", request).why).toBe(`the terminal has no invoice "1"`);
  });
});

describe("strict mode (PROTOCOL 3, 11, 14)", () => {
  it("accepts a complete invoice", () => {
    const { call } = makeCore({ strict: true });
    const row = { itemQuantity: "2", itemTotalAmount: sek("15"), itemDescription: "Tea" };
    const discount = { itemQuantity: "1", itemTotalAmount: sek("-2.50"), itemDescription: "Discount" };
    const invoice = { ...INVOICE, invoiceRows: [row, discount] };
    expect(call("sendInvoice", { invoice })).toMatchObject({ resultCode: 0 });
  });

  it.each([
    "paymentMode",
    "acknowledgmentMode",
    "issueDate",
    "title",
    "clientInvoiceId",
    "cashierId",
    "footer",
  ])("wants %s", (name) => {
    const { call } = makeCore({ strict: true });
    const answer = call("sendInvoice", { invoice: { ...INVOICE, [name]: undefined } });
    expect(answer).toMatchObject({
      resultCode: 49,
      resultDescription: expect.stringContaining(`${name} is missing`),
    });
  });

  it.each<[string, object]>([
    ["rows that do not add up", { invoiceRows: [{ itemQuantity: "1", itemTotalAmount: sek("12.49") }] }],
    ["a row without quantity", { invoiceRows: [{ itemTotalAmount: sek("12.50") }] }],
    ["a row with less than one", { invoiceRows: [{ itemQuantity: "0.5", itemTotalAmount: sek("12.50") }] }],
    ["a row without a total", { invoiceRows: [{ itemQuantity: "1" }] }],
    [
      "a row in another currency",
      { invoiceRows: [{ itemQuantity: "1", itemTotalAmount: { currency: "EUR", value: "12.50" } }] },
    ],
    ["a very long amount", { totalAmount: sek("1234567890123456.00") }],
  ])("refuses %s", (_, more) => {
    const { call } = makeCore({ strict: true });
    expect(call("sendInvoice", { invoice: { ...INVOICE, ...more } }).resultCode).toBe(49);
  });

  it.each<[string, object]>([
    ["a channel of 41 characters", { channel: "x".repeat(41) }],
    ["a comment of 81 characters", { clientComment: "x".repeat(81) }],
    ["a reference of 33 characters", { clientReference: "x".repeat(33) }],
    ["no clientId", { clientId: undefined }],
    ["a request timeout", { clientRequestTimeout: 1 }],
  ])("refuses %s in the context", (_, more) => {
    const { call } = makeCore({ strict: true });
    expect(call("cancelInvoice", { invoiceReference: "1" }, { ...TERMINAL, ...more }).resultCode).toBe(49);
  });

  it("refuses odd tokens, short passwords and a missing receipt", () => {
    const { call, sell, core } = makeCore({ strict: true });
    const tokens = [{ id: "X", value: "1", description: "X", status: 7 }];
    expect(call("sendInvoice", { invoice: INVOICE, tokens }).resultCode).toBe(49);
    expect(
      call("registerTerminal", { externalTerminalId: "1", name: "1", password: "123" }, RESELLER).resultCode,
    ).toBe(49);
    expect(
      call("registerTerminal", { externalTerminalId: "1", password: "12345" }, RESELLER).resultCode,
    ).toBe(49);
    sell();
    const ersReference = core.transactions()[0]?.ersReference;
    expect(call("submitPaymentReceipt", { ersReference }).resultCode).toBe(49);
  });
});

describe("a session inside the app (PROTOCOL 6)", () => {
  it("reports visitor and parameters repeatedly until it expires", () => {
    const { core, clock, call } = makeCore();
    const { key } = core.openSession({ f: "6", e: "5" });
    expect(key).toMatch(/^\d{10}-\d{8}$/);
    const { parameters = [] } = call("getClientSessionInfo", { key });
    expect(Object.fromEntries(parameters.map(({ key, value }) => [key, value]))).toEqual({
      f: "6",
      e: "5",
      authKey: expect.stringMatching(/^\d{10}-\d{8}$/),
      msisdn: "46700000001",
      subscriberKey: "1",
    });
    expect(call("getClientSessionInfo", { key }).resultCode).toBe(0);
    clock.advance(3_600_000);
    expect(call("getClientSessionInfo", { key })).toEqual({
      resultCode: 60,
      resultDescription: "AUTHORIZATION_EXPIRED",
    });
  });

  it("distinguishes cancelled (61), still opening (62) and unknown (63)", () => {
    const { core, call } = makeCore();
    const code = (key: string | undefined) => call("getClientSessionInfo", { key }).resultCode;
    expect(code(core.openSession({}, "cancelled").key)).toBe(61);
    expect(code(core.openSession({}, "opening").key)).toBe(62);
    expect(code("0000002012-63506374")).toBe(63);
    expect(code(undefined)).toBe(63);
  });
});
