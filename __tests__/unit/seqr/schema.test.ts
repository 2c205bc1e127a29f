import fc from "fast-check";
import { invoice } from "../../../src/seqr/operations/message-parts";
import { operations } from "../../../src/seqr/operations";
import type { SendInvoiceRequest } from "../../../src/seqr/operations/send-invoice";
import {
  base64,
  complex,
  dateTime,
  decimal,
  fieldsOf,
  integer,
  long,
  named,
  oneOf,
  readFields,
  repeated,
  text,
  wrapped,
  writeFields,
  type Complex,
} from "../../../src/seqr/wire/schema";
import {
  ACKNOWLEDGMENT_MODES,
  PAYMENT_MODES,
  type ClientContext,
  type CustomerToken,
  type Invoice,
  type InvoiceRow,
  type PrincipalId,
} from "../../../src/seqr/types";
import { parseXml } from "../../../src/seqr/wire/xml";

interface Point {
  x?: string;
  y?: string;
}
interface Example {
  first?: string;
  count?: number;
  point?: Point;
  tags?: string[];
  sizes?: number[];
  points?: Point[];
  kind?: "one" | "two";
  state?: string;
  data?: Uint8Array;
}
const point = complex<Point>("point", { x: decimal, y: decimal });
const example = complex<Example>("example", {
  first: text,
  count: integer,
  point,
  tags: repeated(text),
  sizes: repeated(integer),
  points: wrapped("p", point),
  kind: oneOf("kind", ["one", "two"]),
  state: named("state", ["ON"]),
  data: base64,
});

const read = (children: string): Partial<Example> => readFields(example, parseXml(`<r>${children}</r>`));

describe("writing a message", () => {
  it("writes the fields in the order of the description, whatever the order of the value", () => {
    const value: Example = {
      data: Buffer.from("hi"),
      points: [{ y: "2", x: "1" }, {}],
      tags: ["a", "b"],
      kind: "two",
      count: 7,
      first: "<&>",
    };
    expect(writeFields(example, value)).toBe(
      "<first>&lt;&amp;&gt;</first><count>7</count><tags>a</tags><tags>b</tags>" +
        "<points><p><x>1</x><y>2</y></p><p></p></points><kind>two</kind><data>aGk=</data>",
    );
  });

  it("leaves undefined fields out and keeps empty ones", () => {
    expect(writeFields(example, { first: "", point: undefined, tags: [], points: [] })).toBe(
      "<first></first><points></points>",
    );
  });

  it.each(Object.entries(operations))(
    "describes %s with context first and the base of answers in order",
    (_, operation) => {
      const names = (shape: Complex<never>): string[] => fieldsOf(shape).map(([name]) => name);
      expect(names(operation.request as unknown as Complex<never>)[0]).toBe("context");
      expect(names(operation.return as unknown as Complex<never>).slice(0, 3)).toEqual([
        "ersReference",
        "resultCode",
        "resultDescription",
      ]);
    },
  );
});

describe("reading a message", () => {
  it("takes fields in any order and from any namespace", () => {
    expect(read(`<kind>one</kind><n:count xmlns:n="urn:n">3</n:count><first>x</first>`)).toEqual({
      first: "x",
      count: 3,
      kind: "one",
    });
  });

  it("skips what it does not know", () => {
    expect(read("<later><first>no</first></later>text<first>yes</first><attr/>")).toEqual({ first: "yes" });
  });

  it("takes the first of a doubled field, and all of a repeated one", () => {
    expect(read("<first>1</first><tags>a</tags><first>2</first><tags>b</tags>")).toEqual({
      first: "1",
      tags: ["a", "b"],
    });
  });

  it("reads a value that is not of its type as absent", () => {
    expect(read("<count>many</count><kind>three</kind><point><x>1,5</x><y>1.5</y></point>")).toStrictEqual({
      point: { y: "1.5" },
    });
    expect(read("<count>many</count><count>3</count>")).toStrictEqual({});
  });

  it("drops what is not of its type from a list", () => {
    expect(read("<sizes>1</sizes><sizes>two</sizes><sizes>3</sizes>")).toEqual({ sizes: [1, 3] });
  });

  it("reads an empty element as an empty text, an empty list, or nothing", () => {
    expect(read("<first/><count/><points/><state/><point/>")).toEqual({ first: "", points: [], point: {} });
  });

  it("reads text and elements in each other's place as absent or empty", () => {
    expect(read("<point>5</point><first><b>1</b></first><points>x<p>y</p></points>")).toEqual({
      point: {},
      points: [{}],
    });
    expect(read("<first>1<b>0</b>2</first><count>1<b/>2</count>")).toEqual({});
  });

  it("keeps an unlisted state, and drops an unlisted kind", () => {
    expect(read("<state> OFF </state><kind>none</kind>")).toEqual({ state: "OFF" });
  });

  it.each([
    [integer, " 7 ", 7],
    [integer, "-3", -3],
    [integer, "+1", 1],
    [integer, "00", 0],
    [integer, "2147483647", 2_147_483_647],
    [integer, "2147483648", undefined],
    [integer, "1.0", undefined],
    [integer, "0x10", undefined],
    [integer, "1e3", undefined],
    [integer, "", undefined],
    [long, "9007199254740991", 9_007_199_254_740_991],
    [long, "9007199254740993", undefined],
    [decimal, " 12.50 ", "12.50"],
    [decimal, "93.31000", "93.31000"],
    [decimal, "-.5", "-.5"],
    [decimal, "5.", "5."],
    [decimal, "1e3", undefined],
    [decimal, "1,50", undefined],
    [decimal, ".", undefined],
    [decimal, "NaN", undefined],
    [dateTime, " 2015-10-29T10:18:48.663+01:00\n", "2015-10-29T10:18:48.663+01:00"],
    [dateTime, " ", undefined],
    [text, " as it is ", " as it is "],
  ])("reads %# as its type says", (shape, written, value) => {
    expect(shape.parse(written)).toBe(value);
  });

  it("reads base64 that was cut short as far as it goes", () => {
    expect(read("<data>aGVsbG8gd29</data>").data).toEqual(Buffer.from("hello wo"));
  });

  it("does not touch prototypes, whatever the elements are called", () => {
    const value = read("<__proto__><first>x</first></__proto__><constructor>y</constructor>");
    expect(value).toEqual({});
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe("writing and reading", () => {
  const optional = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> =>
    fc.record(model, { requiredKeys: [] as (keyof T)[] });
  // What XML can carry: see xml.test.ts for the rest.
  const anyText = fc
    .fullUnicodeString()
    .map((value) => value.replace(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, ""));
  const anyDecimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 99 }))
    .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, "0")}`);
  const anyAmount = fc.record({ currency: anyText, value: anyDecimal });
  const anyInvoice = optional<Invoice>({
    paymentMode: fc.constantFrom(...PAYMENT_MODES),
    acknowledgmentMode: fc.constantFrom(...ACKNOWLEDGMENT_MODES),
    issueDate: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    title: anyText,
    clientInvoiceId: anyText,
    invoiceRows: fc.array(
      optional<InvoiceRow>({
        itemDescription: anyText,
        itemDiscount: anyAmount,
        itemEAN: anyText,
        itemQuantity: anyDecimal,
        itemSKU: anyText,
        itemTaxRate: anyDecimal,
        itemTotalAmount: anyAmount,
        itemUnit: anyText,
        itemUnitPrice: anyAmount,
      }),
      { maxLength: 4 },
    ),
    totalAmount: anyAmount,
    cashierId: anyText,
    footer: anyText,
    backURL: anyText,
    notificationUrl: anyText,
    commitReservationTimeout: fc.nat(),
  });
  const token = optional<CustomerToken>({
    description: anyText,
    id: anyText,
    status: fc.nat(99),
    value: anyText,
  });

  it("gives every request back as it was", () => {
    const anyRequest = optional<SendInvoiceRequest>({
      context: optional<ClientContext>({
        channel: anyText,
        clientId: anyText,
        clientRequestTimeout: fc.constant(0),
        initiatorPrincipalId: optional<PrincipalId>({ id: anyText, type: anyText, userId: anyText }),
        password: anyText,
      }),
      invoice: anyInvoice,
      tokens: fc.array(token, { minLength: 1, maxLength: 3 }),
    });
    const shape = operations.sendInvoice.request;
    fc.assert(
      fc.property(anyRequest, (request) => {
        expect(readFields(shape, parseXml(`<r>${writeFields(shape, request)}</r>`))).toEqual(request);
      }),
      { numRuns: 300 },
    );
  });

  it("gives an invoice back when its children come in another order", () => {
    fc.assert(
      fc.property(anyInvoice, fc.infiniteStream(fc.nat()), (value, order) => {
        const root = parseXml(`<r>${writeFields(invoice, value)}</r>`);
        root.children = root.children
          .map((child) => ({ child, at: order.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ child }) => child);
        expect(readFields(invoice, root)).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });
});
