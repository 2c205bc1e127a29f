import fc from "fast-check";
import { SeqrInputError } from "../../../src/seqr/errors";
import {
  checkInvoice,
  checkRefund,
  checkTokens,
  checkTotal,
  type InvoiceInput,
} from "../../../src/seqr/limits";
import { fromHundredths, sum } from "../../../src/seqr/money";
import type { CustomerToken, InvoiceRow } from "../../../src/seqr/types";

const sek = (value: string) => ({ currency: "SEK", value });
const row = (more: Partial<InvoiceRow> = {}): InvoiceRow => ({
  itemDescription: "Mug",
  itemQuantity: "1",
  itemTotalAmount: sek("100.00"),
  ...more,
});
const invoice = (more: Partial<InvoiceInput> = {}): InvoiceInput => ({
  title: "My shop",
  clientInvoiceId: "order 17",
  totalAmount: sek("100.00"),
  cashierId: "web",
  footer: "",
  ...more,
});
const checking = (more: Partial<InvoiceInput>) => () => checkInvoice(invoice(more), "sendInvoice");

describe("an invoice is checked before it is sent", () => {
  it.each<[string, Partial<InvoiceInput>]>([
    ["the least that is needed", {}],
    ["whole units of currency", { totalAmount: sek("100") }],
    ["the longest amount", { totalAmount: sek("999999999999999.99") }],
    [
      "rows that add up",
      { invoiceRows: [row({ itemTotalAmount: sek("60") }), row({ itemTotalAmount: sek("40.00") })] },
    ],
    [
      "a discount as a negative row",
      { invoiceRows: [row({ itemTotalAmount: sek("120") }), row({ itemTotalAmount: sek("-20") })] },
    ],
    ["half a unit more than one", { invoiceRows: [row({ itemQuantity: "1.5", itemTaxRate: "6.5" })] }],
    ["an https address for the notification", { notificationUrl: "https://shop.example/hook?token=a&b=c" }],
    ["an app's own scheme as the way back", { backURL: "myshop://done" }],
    ["a time without a zone", { issueDate: "2015-12-25T12:34:56" }],
    ["a time with a zone", { issueDate: "2015-12-25T12:34:56.789+01:00" }],
    ["a time to commit", { commitReservationTimeout: 3600 }],
  ])("%s passes", (_, more) => {
    expect(checking(more)).not.toThrow();
  });

  it.each<[string, Partial<InvoiceInput>, string]>([
    ["an empty title", { title: " " }, "title is empty"],
    ["no number of its own", { clientInvoiceId: "" }, "clientInvoiceId is empty"],
    ["a total of zero", { totalAmount: sek("0.00") }, "totalAmount must be above zero, not 0.00"],
    ["a negative total", { totalAmount: sek("-1.00") }, "totalAmount must be above zero, not -1.00"],
    ["a tenth of an öre", { totalAmount: sek("1.001") }, "totalAmount.value"],
    ["a comma", { totalAmount: sek("1,00") }, "totalAmount.value"],
    ["no number", { totalAmount: sek("NaN") }, "totalAmount.value"],
    [
      "an over-long amount",
      { totalAmount: sek("1000000000000000.00") },
      "totalAmount.value is longer than 18 characters",
    ],
    ["a currency in small letters", { totalAmount: { currency: "sek", value: "1" } }, "totalAmount.currency"],
    ["a currency by its sign", { totalAmount: { currency: "kr", value: "1" } }, "totalAmount.currency"],
    [
      "rows that do not add up",
      { invoiceRows: [row(), row()] },
      "the rows add up to 200.00, the total is 100.00",
    ],
    ["no rows but an empty list", { invoiceRows: [] }, "the rows add up to 0.00"],
    [
      "a row without a sum",
      { invoiceRows: [row({ itemTotalAmount: undefined })] },
      "invoiceRows[0].itemTotalAmount is missing",
    ],
    [
      "a row without a quantity",
      { invoiceRows: [row({ itemQuantity: undefined })] },
      "invoiceRows[0].itemQuantity must be 1 or more",
    ],
    [
      "half a piece",
      { invoiceRows: [row({ itemQuantity: "0.5" })] },
      "invoiceRows[0].itemQuantity must be 1 or more",
    ],
    [
      "a quantity that XML does not know",
      { invoiceRows: [row({ itemQuantity: "1e3" })] },
      "invoiceRows[0].itemQuantity must be a decimal number",
    ],
    [
      "a hexadecimal quantity",
      { invoiceRows: [row({ itemQuantity: "0x10" })] },
      "invoiceRows[0].itemQuantity must be a decimal number",
    ],
    [
      "a tax rate with its sign",
      { invoiceRows: [row({ itemTaxRate: "25%" })] },
      "invoiceRows[0].itemTaxRate must be a decimal number",
    ],
    [
      "a row in another currency",
      { invoiceRows: [row({ itemTotalAmount: { currency: "EUR", value: "100" } })] },
      "invoiceRows[0].itemTotalAmount is in EUR, the total in SEK",
    ],
    [
      "a unit price in another currency",
      { invoiceRows: [row({ itemUnitPrice: { currency: "EUR", value: "100" } })] },
      "invoiceRows[0].itemUnitPrice is in EUR",
    ],
    [
      "a unit price that is no number",
      { invoiceRows: [row({ itemUnitPrice: sek("free") })] },
      "invoiceRows[0].itemUnitPrice.value",
    ],
    [
      "a notification by mail",
      { notificationUrl: "mailto:shop@shop.example" },
      "notificationUrl must be an http or https address",
    ],
    [
      "half an address",
      { notificationUrl: "/hooks/seqr" },
      "notificationUrl must be an http or https address",
    ],
    ["a way back to nowhere", { backURL: "back" }, "backURL must be an address"],
    ["a date without a time", { issueDate: "2015-12-25" }, "issueDate must be a date and time"],
    [
      "no time to commit",
      { commitReservationTimeout: 0 },
      "commitReservationTimeout must be whole seconds above zero",
    ],
    [
      "half a second to commit",
      { commitReservationTimeout: 0.5 },
      "commitReservationTimeout must be whole seconds above zero",
    ],
  ])("%s is refused by name", (_, more, message) => {
    expect(checking(more)).toThrow(SeqrInputError);
    expect(checking(more)).toThrow(`sendInvoice: ${message}`);
  });

  it("accepts rows exactly when they add up", () => {
    const hundredths = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });
    fc.assert(
      fc.property(
        fc.array(hundredths, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: -1, max: 1 }),
        (values, off) => {
          const added = values.reduce((total, value) => total + value, 0n);
          fc.pre(added + BigInt(off) > 0n);
          const check = checking({
            totalAmount: sek(fromHundredths(added + BigInt(off))),
            invoiceRows: values.map((value) => row({ itemTotalAmount: sek(fromHundredths(value)) })),
          });
          if (off === 0) expect(check).not.toThrow();
          else expect(check).toThrow(`the rows add up to ${sum(values.map(fromHundredths))}`);
        },
      ),
    );
  });
});

describe("a refund", () => {
  const refund = (more: object) => () =>
    checkRefund({ title: "Refund", cashierId: "web", totalAmount: sek("10"), ...more }, "refundPayment");

  it("needs no rows, and rows that add up if it has any", () => {
    expect(refund({})).not.toThrow();
    expect(refund({ invoiceRows: [row({ itemTotalAmount: sek("10") })] })).not.toThrow();
    expect(refund({ invoiceRows: [row()] })).toThrow(
      "refundPayment: the rows add up to 100.00, the total is 10",
    );
  });

  it.each(["0", "-5.00", "1.234", "", "1000000000000000.00"])("of %j is refused", (value) => {
    expect(refund({ totalAmount: sek(value) })).toThrow(SeqrInputError);
  });
});

describe("a total", () => {
  it("is called what the caller calls it", () => {
    expect(() => checkTotal(sek("0"), "commitReservation", "amount")).toThrow(
      "commitReservation: amount must be above zero",
    );
  });
});

describe("customer tokens", () => {
  const token: CustomerToken = { description: "My card", id: "X_CARD", status: 1, value: "123" };

  it("need all four fields, and a whole number as status", () => {
    expect(() => checkTokens([token, { ...token, status: 90 }], "sendInvoice")).not.toThrow();
    for (const name of ["description", "id", "status", "value"] as const) {
      expect(() => checkTokens([token, { ...token, [name]: undefined }], "sendInvoice")).toThrow(
        `sendInvoice: tokens[1].${name} is missing`,
      );
    }
    expect(() => checkTokens([{ ...token, status: 1.5 }], "sendInvoice")).toThrow(
      "tokens[0].status must be a whole number",
    );
  });
});
