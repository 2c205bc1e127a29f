import { invoiceRows } from "../../../src/providers/seqr/invoice-rows";
import { purchaseOfSession, totalOfInvoice, type PurchaseCart } from "../../../src/medusa/session-cart";
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
    const cart_id = collection && "cart" in collection && collection.cart ? "cart_1" : null;
    expect(await totalOfInvoice(medusaWith(collection), { cart_id, session_id: "payses_1" })).toBe(total);
  });

  it.each<[string, object[], unknown]>([
    ["of its cart, without a look at the session", [{ cart_id: "cart_1", order }], 87],
    ["of the cart only, when core has rolled its order back and left the link", [{ cart_id: "cart_1" }], 88],
    ["of no other cart's order", [{ cart_id: "cart_2", order }], 88],
  ])("is the total %s", async (_, links, total) => {
    const rest = medusaWith({ amount: 90, cart: { ...cart, order: null } });
    const linked = queryOver((entity, __, { cart_id }) =>
      entity === "order_cart" ? links.filter((link) => "cart_id" in link && link.cart_id === cart_id) : [],
    );
    const query: Query = {
      graph: (question) => (question.entity === "order_cart" ? linked : rest).graph(question),
    };
    const session_id = total === 87 ? "payses_gone" : "payses_1";
    expect(await totalOfInvoice(query, { cart_id: "cart_1", session_id })).toBe(total);
  });

  it("is not known when the session is gone, or its cart", async () => {
    const of = { cart_id: "cart_1", session_id: "payses_1" };
    const gone = { ...of, session_id: "payses_gone" };
    expect(await totalOfInvoice(medusaWith({ amount: 90, cart }), gone)).toBeUndefined();
    expect(await totalOfInvoice(medusaWith({ amount: 90, cart }, []), of)).toBeUndefined();
  });
});
