import { BigNumber } from "@medusajs/framework/utils";
import fc from "fast-check";
import { invoiceInput } from "../../../src/modules/seqr/operations/invoice-input";
import { resolveOptions } from "../../../src/options/seqr-options";
import { decimalString } from "../../../src/amounts";
import { invoiceRows } from "../../../src/providers/seqr/invoice-rows";
import type { CartCharge, CartItem, PurchaseCart } from "../../../src/medusa/session-cart";
import { PUBLIC_TEST_TERMINAL, startSandbox } from "../../../src/sandbox";
import { SeqrClient, sum, toHundredths, type InvoiceRow } from "../../../src/seqr";
import { checkInvoice } from "../../../src/seqr/limits";

const options = resolveOptions({
  endpoint: "https://seqr.example/soap",
  terminalId: "terminal",
  password: "password",
  backendUrl: "https://api.shop.example",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
});

const item = (more: Partial<CartItem> = {}): CartItem => ({
  quantity: 1,
  title: "Coffee",
  original_total: 89,
  total: 89,
  ...more,
});
const shipping = (more: Partial<CartCharge> = {}): CartCharge => ({
  name: "Parcel",
  original_total: 49,
  total: 49,
  ...more,
});
/** A cart over the sum of its parts, unless it says otherwise. */
const cartOf = (items: CartItem[], shipping_methods: CartCharge[] = [], total?: string): PurchaseCart => ({
  id: "cart_1",
  items,
  shipping_methods,
  total: total ?? exactTotal([...items, ...shipping_methods]),
});
const rowsOf = (cart: PurchaseCart): InvoiceRow[] => invoiceRows(cart, decimalString(cart.total), "SEK");
const values = (rows: InvoiceRow[]): string[] => rows.map((row) => row.itemTotalAmount?.value ?? "?");
const names = (rows: InvoiceRow[]): (string | undefined)[] => rows.map((row) => row.itemDescription);

/** What the charges cost together, with all their decimals. */
function exactTotal(charges: CartCharge[]): string {
  const zero = exact(0);
  return charges.reduce((added, { total }) => added.plus(exact(total)), zero).toFixed();
}

function exact(value: CartCharge["total"]) {
  const { bigNumber } = new BigNumber(value as string);
  if (!bigNumber) throw new Error("no number");
  return bigNumber;
}

/** Whether SEQR would take an invoice with these rows. */
function check(rows: InvoiceRow[], amount: string): void {
  const record = { client_invoice_id: "1", amount, currency_code: "SEK", reservation_time: null };
  checkInvoice(invoiceInput(options, record, rows), "sendInvoice");
}

describe("the rows of an invoice", () => {
  it("describe each item and its shipping", () => {
    const cart = cartOf(
      [
        item({
          quantity: 2,
          title: "500 g",
          product_title: "Coffee, dark roast",
          variant_title: "500 g",
          variant_sku: "COFFEE-500",
          variant: { ean: "7310000000017" },
          tax_lines: [{ rate: 25 }],
          original_total: 178,
          total: 178,
        }),
      ],
      [shipping({ tax_lines: [{ rate: 25 }] })],
    );
    expect(rowsOf(cart)).toEqual([
      {
        itemDescription: "Coffee, dark roast, 500 g",
        itemEAN: "7310000000017",
        itemQuantity: "2",
        itemSKU: "COFFEE-500",
        itemTaxRate: "25",
        itemTotalAmount: { currency: "SEK", value: "178.00" },
        itemUnitPrice: { currency: "SEK", value: "89.00" },
      },
      {
        itemDescription: "Parcel",
        itemQuantity: "1",
        itemTaxRate: "25",
        itemTotalAmount: { currency: "SEK", value: "49.00" },
      },
    ]);
  });

  it("leave out what is not known", () => {
    const bare = item({
      title: null,
      product_title: null,
      variant_title: null,
      variant_sku: null,
      variant_barcode: null,
      variant: null,
      tax_lines: null,
    });
    expect(rowsOf(cartOf([bare], [shipping({ name: null, tax_lines: [] })]))).toEqual([
      {
        itemDescription: "Item",
        itemQuantity: "1",
        itemTotalAmount: { currency: "SEK", value: "89.00" },
        itemUnitPrice: { currency: "SEK", value: "89.00" },
      },
      {
        itemDescription: "Shipping",
        itemQuantity: "1",
        itemTotalAmount: { currency: "SEK", value: "49.00" },
      },
    ]);
  });

  it.each<[string, Partial<CartItem>, string]>([
    [
      "the product and the variant",
      { product_title: "Mug", variant_title: "Blue", title: "Mug (blue)" },
      "Mug, Blue",
    ],
    ["one of them when both say the same", { product_title: "Mug", variant_title: "Mug" }, "Mug"],
    ["the product alone", { product_title: "Mug", variant_title: null, title: "x" }, "Mug"],
    [
      "the line's own title without a product",
      { product_title: "", title: "Gift wrapping" },
      "Gift wrapping",
    ],
  ])("name an item by %s", (_, more, name) => {
    expect(names(rowsOf(cartOf([item(more)])))).toEqual([name]);
  });

  it("take the barcode when the EAN is not known", () => {
    const [row] = rowsOf(cartOf([item({ variant: { ean: "" }, variant_barcode: "4006381333931" })]));
    expect(row?.itemEAN).toBe("4006381333931");
    const [own] = rowsOf(
      cartOf([item({ variant: { ean: "7310000000017" }, variant_barcode: "4006381333931" })]),
    );
    expect(own?.itemEAN).toBe("7310000000017");
  });

  it("add the rates of several taxes, in percent", () => {
    const rate = (...rates: CartCharge["total"][]) =>
      rowsOf(cartOf([item({ tax_lines: rates.map((value) => ({ rate: value })) })]))[0]?.itemTaxRate;
    expect(rate(25)).toBe("25");
    expect(rate(12.5, 0.1)).toBe("12.6");
    expect(rate(0.1, 0.2)).toBe("0.3");
    expect(rate("6.00")).toBe("6");
    expect(rate(0)).toBe("0");
    expect(rate(0.0000001)).toBe("0.0000001");
    expect(rate(new BigNumber({ value: "20" }))).toBe("20");
  });

  it("put all discounts into one row, after the prices without them", () => {
    const cart = cartOf(
      [item({ original_total: 100, total: 80 }), item({ title: "Mug", original_total: 50, total: 50 })],
      [shipping({ original_total: 49, total: 0 })],
    );
    expect(names(rowsOf(cart))).toEqual(["Coffee", "Mug", "Parcel", "Discount"]);
    expect(values(rowsOf(cart))).toEqual(["100.00", "50.00", "49.00", "-69.00"]);
  });

  it("name what rounding leaves", () => {
    // three times 33.333…: each row is rounded down, the total is not
    const third = item({ original_total: "33.3333333333333333", total: "33.3333333333333333" });
    const rows = rowsOf(cartOf([third, third, third]));
    expect(names(rows)).toEqual(["Coffee", "Coffee", "Coffee", "Rounding"]);
    expect(values(rows)).toEqual(["33.33", "33.33", "33.33", "0.01"]);
  });

  it("show what is free", () => {
    const rows = rowsOf(
      cartOf(
        [item(), item({ title: "Sticker", original_total: 0, total: 0 })],
        [shipping({ original_total: 0, total: 0 })],
      ),
    );
    expect(values(rows)).toEqual(["89.00", "0.00", "0.00"]);
    expect(rows[1]?.itemUnitPrice?.value).toBe("0.00");
  });

  it.each<[CartItem["quantity"], string, string, string]>([
    [3, "3", "Cloth", "33.33"],
    ["3", "3", "Cloth", "33.33"],
    [2.5, "2.5", "Cloth", "40.00"],
    [new BigNumber("1.25"), "1.25", "Cloth", "80.00"],
    [1e21, "1000000000000000000000", "Cloth", "0.00"],
    [0.5, "1", "0.5 × Cloth", "100.00"],
    ["0.0000001", "1", "0.0000001 × Cloth", "100.00"],
  ])("count %j as SEQR can: %s of %j at %s", (quantity, itemQuantity, itemDescription, unitPrice) => {
    const rows = rowsOf(cartOf([item({ quantity, title: "Cloth", original_total: 100, total: 100 })]));
    expect(rows[0]).toMatchObject({ itemQuantity, itemDescription, itemUnitPrice: { value: unitPrice } });
    check(rows, "100.00");
  });

  it("take off each credit in a row of its own, so that the items keep theirs", () => {
    const cart = {
      ...cartOf([item()], [shipping()], "57.505"),
      credit_lines: [{ amount: 50 }, { amount: new BigNumber("30.494999999999999999") }],
    };
    const rows = rowsOf(cart);
    expect(names(rows)).toEqual(["Coffee", "Parcel", "Credit", "Credit", "Rounding"]);
    expect(values(rows)).toEqual(["89.00", "49.00", "-50.00", "-30.50", "0.01"]);
    check(rows, "57.51");
  });

  it.each([[undefined], [null], [[]]])("know no credit where there is none: %j", (credit_lines) => {
    const cart = { ...cartOf([item()]), ...(credit_lines !== undefined && { credit_lines }) };
    expect(names(rowsOf(cart))).toEqual(["Coffee"]);
  });

  it.each(["0.01", "-0.01"])("name a hundredth beside a single row rounding: %s", (more) => {
    const rows = rowsOf(cartOf([item()], [], decimalString(exact(89).plus(more))));
    expect(names(rows)).toEqual(["Coffee", "Rounding"]);
    expect(values(rows)).toEqual(["89.00", more]);
  });

  it.each([
    ["something that is no credit line", "-50"],
    ["a fee", "15.50"],
    ["something that leaves a crown", "-88"],
    ["two hundredths, which rounding one row cannot leave", "-0.02"],
  ])("give way to one row over all when the total holds something else: %s", (_, more) => {
    const total = decimalString(exact(89).plus(more));
    expect(rowsOf(cartOf([item()], [], total))).toEqual([
      { itemDescription: "Total", itemQuantity: "1", itemTotalAmount: { currency: "SEK", value: total } },
    ]);
  });

  it("are one row over all when there is no cart", () => {
    expect(invoiceRows(undefined, "12.50", "EUR")).toEqual([
      { itemDescription: "Total", itemQuantity: "1", itemTotalAmount: { currency: "EUR", value: "12.50" } },
    ]);
  });

  it("take totals with more digits than a float has", () => {
    const total = "12345678901234.11";
    const rows = rowsOf(
      cartOf([
        item({ quantity: 3, original_total: { value: total } as never, total: { value: total } as never }),
      ]),
    );
    expect(rows[0]).toMatchObject({
      itemTotalAmount: { value: total },
      itemUnitPrice: { value: "4115226300411.37" },
    });
  });
});

/** A number of so many decimals, as Medusa computes it from prices and taxes. */
const decimal = (max: number, decimals: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(max), fc.bigInt(0n, 10n ** BigInt(decimals) - 1n))
    .map(([whole, fraction]) =>
      decimals === 0 ? String(whole) : `${whole}.${String(fraction).padStart(decimals, "0")}`,
    );
const anyText = fc.option(
  fc.oneof(
    fc.string(),
    fc.fullUnicodeString(),
    fc.constantFrom("\u0000\u0007\uffff", '<b>&"', "x".repeat(5_000)),
  ),
);

/** A line or a shipping method, perhaps with a discount, of any number of decimals. */
const anyCharge: fc.Arbitrary<Required<CartCharge>> = fc
  .record({
    price: fc.integer({ min: 0, max: 18 }).chain((decimals) => decimal(10_000, decimals)),
    kept: fc.constantFrom("1", "1", "0.9", "0.333333333333333333", "0"),
    tax: fc.constantFrom("1", "1.25", "1.12", "1.06", "1.0825"),
    rates: fc.array(fc.constantFrom(25, 12, 6, 8.25, 0)),
    name: anyText,
    asText: fc.boolean(),
  })
  .map(({ price, kept, tax, rates, name, asText }) => {
    const original = exact(price).times(tax);
    const money = (value: typeof original): CartCharge["total"] =>
      asText ? value.toFixed() : new BigNumber(value.toFixed());
    return {
      name,
      original_total: money(original),
      total: money(original.times(kept)),
      tax_lines: rates.map((rate) => ({ rate })),
    };
  });
const anyItem: fc.Arbitrary<CartItem> = fc
  .tuple(
    anyCharge,
    fc.constantFrom<CartItem["quantity"]>(1, 2, 7, 1_000, "3", 1.5, 0.25),
    anyText,
    anyText,
    anyText,
  )
  .map(([charge, quantity, variant_title, variant_sku, ean]) => ({
    ...charge,
    quantity,
    product_title: charge.name,
    title: null,
    variant_title,
    variant_sku,
    variant: { ean },
  }));
const anyCart: fc.Arbitrary<PurchaseCart> = fc
  .tuple(fc.array(anyItem, { minLength: 1, maxLength: 12 }), fc.array(anyCharge, { maxLength: 2 }))
  .map(([items, methods]) => cartOf(items, methods));

describe("whatever is in the cart", () => {
  it("the rows add up to the total exactly, and SEQR's limits are kept", () => {
    fc.assert(
      fc.property(anyCart, (cart) => {
        const total = decimalString(cart.total);
        const rows = rowsOf(cart);
        expect(sum(values(rows))).toBe(total);
        if (toHundredths(total) > 0n) check(rows, total);
      }),
      { numRuns: 500 },
    );
  });

  it("each item and shipping method has its row, and what else there is, is discount and rounding", () => {
    fc.assert(
      fc.property(anyCart, (cart) => {
        const rows = rowsOf(cart);
        const charges = [...cart.items, ...cart.shipping_methods];
        expect(values(rows).slice(0, charges.length)).toEqual(
          charges.map((one) => decimalString(one.original_total)),
        );
        const rest = names(rows.slice(charges.length));
        expect(["", "Discount", "Rounding", "Discount,Rounding"]).toContain(rest.join());
        const rounding = rows.find(
          (row, index) => index >= charges.length && row.itemDescription === "Rounding",
        );
        const cents = Math.abs(Number(rounding?.itemTotalAmount?.value ?? 0)) * 100;
        expect(cents).toBeLessThanOrEqual(charges.length + 0.01);
      }),
      { numRuns: 500 },
    );
  });

  it("a unit's price is the row's by its quantity, to the hundredth", () => {
    fc.assert(
      fc.property(anyItem, (one) => {
        const [row] = rowsOf(cartOf([one]));
        const price = exact(row?.itemUnitPrice?.value ?? "");
        const total = exact(row?.itemTotalAmount?.value ?? "");
        const quantity = exact(row?.itemQuantity ?? "");
        expect(price.minus(total.dividedBy(quantity)).abs().toNumber()).toBeLessThanOrEqual(0.005);
      }),
    );
  });

  it("with credit the items keep their rows, and all add up to what is left to pay", () => {
    const credits = fc.array(decimal(500, 3), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anyCart, credits, (cart, amounts) => {
        const left = amounts.reduce((rest, amount) => rest.minus(amount), exact(cart.total));
        const credited = {
          ...cart,
          credit_lines: amounts.map((amount) => ({ amount: new BigNumber(amount) })),
        };
        const total = decimalString(left);
        const rows = invoiceRows(credited, total, "SEK");
        expect(sum(values(rows))).toBe(total);
        expect(rows.filter((row) => row.itemDescription === "Credit").length).toBeGreaterThanOrEqual(
          amounts.length,
        );
        expect(rows.length).toBeGreaterThanOrEqual(
          cart.items.length + cart.shipping_methods.length + amounts.length,
        );
        if (toHundredths(total) > 0n) check(rows, total);
      }),
      { numRuns: 300 },
    );
  });

  it("with something else in the total the rows still add up", () => {
    fc.assert(
      fc.property(anyCart, fc.integer({ min: -5_000, max: 5_000 }), (cart, hundredths) => {
        const total = decimalString(exact(cart.total).plus(exact(hundredths).dividedBy(100)));
        const rows = invoiceRows(cart, total, "SEK");
        expect(sum(values(rows))).toBe(total);
        if (toHundredths(total) > 0n) check(rows, total);
      }),
      { numRuns: 300 },
    );
  });
});

it("SEQR takes rows with over-long titles and characters that XML does not know", async () => {
  const sandbox = await startSandbox({ strict: true });
  const client = new SeqrClient({ endpoint: sandbox.endpoint, terminal: PUBLIC_TEST_TERMINAL });
  try {
    const titles = ["x".repeat(100_000), "\u0000\u0001\u001f\ufffe\ud800", "]]>&<'\"", "\t\r\n", "🍵 kaffe"];
    const cart = cartOf(titles.map((title) => item({ title, variant_sku: title, variant: { ean: title } })));
    const total = decimalString(cart.total);
    const record = { client_invoice_id: "1", amount: total, currency_code: "SEK", reservation_time: null };
    await client.sendInvoice(invoiceInput(options, record, invoiceRows(cart, total, "SEK")));
    expect(sandbox.invoices()[0]?.invoice.invoiceRows?.map((row) => row.itemDescription)).toEqual([
      titles[0],
      "",
      ...titles.slice(2),
    ]);
  } finally {
    client.close();
    await sandbox.stop();
  }
});
