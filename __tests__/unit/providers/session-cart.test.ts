import { purchaseOfSession } from "../../../src/providers/seqr/session-cart";

type Query = Parameters<typeof purchaseOfSession>[0];
type Asked = { entity: string; fields: string[]; filters: object };

/** Medusa's query with one answer. */
function queryWith(...rows: unknown[]): { query: Query; asked: Asked[] } {
  const asked: Asked[] = [];
  const graph = async (request: Asked): Promise<{ data: unknown[] }> => {
    asked.push(request);
    return { data: rows };
  };
  return { query: { graph } as unknown as Query, asked };
}

const cart = { id: "cart_1", total: 89, items: [], shipping_methods: [] };

describe("the purchase behind a payment session", () => {
  it("is asked of Medusa by the session's id, with all that totals are worked out from", async () => {
    const { query, asked } = queryWith({ payment_collection_id: "pay_col_1", payment_collection: { cart } });
    expect(await purchaseOfSession(query, "payses_1")).toEqual({ paymentCollectionId: "pay_col_1", cart });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ entity: "payment_session", filters: { id: "payses_1" } });
    for (const part of ["items", "shipping_methods"]) {
      for (const field of ["*", "tax_lines.*", "adjustments.*", "original_total", "total"]) {
        expect(asked[0]?.fields).toContain(`payment_collection.cart.${part}.${field}`);
      }
    }
    expect(asked[0]?.fields).toContain("payment_collection.cart.credit_lines.*");
  });

  it.each([[{ cart: null }], [{}], [null], [undefined]])(
    "has no cart when it belongs to an order: %j",
    async (payment_collection) => {
      const { query } = queryWith({ payment_collection_id: "pay_col_1", payment_collection });
      expect(await purchaseOfSession(query, "payses_1")).toEqual({
        paymentCollectionId: "pay_col_1",
        cart: undefined,
      });
    },
  );

  it("is nothing when the session is gone", async () => {
    expect(await purchaseOfSession(queryWith().query, "payses_1")).toBeUndefined();
  });
});
