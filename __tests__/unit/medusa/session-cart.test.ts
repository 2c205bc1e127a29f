import { invoiceRows } from "../../../src/providers/seqr/invoice-rows";
import { purchaseOfSession, totalOfSession, type PurchaseCart } from "../../../src/medusa/session-cart";
import { queryOver, type Query } from "../providers/medusa-query";

const cart: PurchaseCart = {
  id: "cart_1",
  total: 88,
  items: [
    {
      ...{ quantity: 2, title: "500 g", product_title: "Coffee", variant_title: "500 g" },
      ...{ variant_sku: "COFFEE-500", variant: { ean: "7310000000017" } },
      ...{ original_total: 178, total: 89, tax_lines: [{ rate: 25 }] },
    },
  ],
  shipping_methods: [{ name: "Parcel", original_total: 49, total: 39, tax_lines: [{ rate: 12 }] }],
  credit_lines: [{ amount: 40 }],
};

/** Medusa with one session of this payment collection, and the cart. */
function medusaWith(payment_collection: object | null | undefined, carts: object[] = [cart]): Query {
  const session = { id: "payses_1", payment_collection_id: "pay_col_1", payment_collection };
  const tables: Record<string, object[]> = { payment_session: [session], cart: carts };
  return queryOver((entity, ids) =>
    (tables[entity] ?? []).filter((row) => "id" in row && ids.includes(String(row.id))),
  );
}

describe("the purchase behind a payment session", () => {
  it("has all that the rows of its invoice are made from", async () => {
    const purchase = await purchaseOfSession(medusaWith({ cart }), "payses_1");
    expect(purchase).toMatchObject({ paymentCollectionId: "pay_col_1", cart: { id: "cart_1" } });
    const rows = invoiceRows(cart, "88.00", "SEK");
    expect(rows.map(({ itemDescription }) => itemDescription)).toEqual([
      ...["Coffee, 500 g", "Parcel", "Discount", "Credit"],
    ]);
    expect(invoiceRows(purchase?.cart, "88.00", "SEK")).toEqual(rows);
  });

  it.each([[{ cart: null }], [{}], [null], [undefined]])(
    "has no cart when it belongs to an order: %j",
    async (payment_collection) => {
      expect(await purchaseOfSession(medusaWith(payment_collection), "payses_1")).toEqual({
        ...{ paymentCollectionId: "pay_col_1", cart: undefined },
      });
    },
  );

  it("is nothing when the session is gone", async () => {
    expect(await purchaseOfSession(medusaWith({ cart }), "payses_gone")).toBeUndefined();
  });
});

describe("what a payment session has to pay for", () => {
  const order = { id: "order_1", total: 87 };

  it.each<[string, object | null, unknown]>([
    [
      "the order, once it is written, whatever became of its cart",
      { amount: 90, cart: { ...cart, order } },
      87,
    ],
    ["the cart as it is now, before that", { amount: 90, cart: { ...cart, order: null } }, 88],
    ["what is left to pay of an order that was changed", { amount: 90, cart: null }, 90],
    ["nothing that is known when its collection is gone", null, undefined],
  ])("is %s", async (_, collection, total) => {
    expect(await totalOfSession(medusaWith(collection), "payses_1")).toBe(total);
  });

  it("is not known when the session is gone, or its cart", async () => {
    expect(await totalOfSession(medusaWith({ amount: 90, cart }), "payses_gone")).toBeUndefined();
    expect(await totalOfSession(medusaWith({ amount: 90, cart }, []), "payses_1")).toBeUndefined();
  });
});
