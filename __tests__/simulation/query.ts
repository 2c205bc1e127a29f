import type { RemoteQueryFunction } from "@medusajs/framework/types";
import type { Books } from "./books";
import type { Life } from "./life";

/** Medusa's query, for the questions that the provider asks. */
export class ModelQuery implements Pick<RemoteQueryFunction, "graph"> {
  readonly graph: RemoteQueryFunction["graph"];

  constructor(books: Books, life: Life) {
    const answer = (question: { entity: string; filters?: unknown }): Promise<unknown> =>
      life.step(`query ${question.entity}`, () => ({ data: rowsOf(books, question) }));
    this.graph = answer as RemoteQueryFunction["graph"];
  }
}

function rowsOf(books: Books, { entity, filters }: { entity: string; filters?: unknown }): object[] {
  const { id } = filters as { id: string | string[] };
  if (entity === "refund") {
    const wanted = [id].flat();
    const refunds = [...books.payments.values()].flatMap((payment) => payment.refunds);
    return refunds
      .filter((refund) => wanted.includes(refund.id))
      .map(({ id, amount }) => ({ id, amount, raw_amount: { value: amount, precision: 20 } }));
  }
  if (entity === "cart") {
    const row = books.carts.get(String(id));
    return row ? [{ id: row.id, total: row.total }] : [];
  }
  if (entity !== "payment_session") throw new Error(`the model knows no ${entity}`);
  const session = books.sessions.get(String(id));
  if (!session) return [];
  const cart = books.carts.get(books.collections.get(session.collectionId)?.cartId ?? "");
  const order = books.orders.get(cart?.orderId ?? "");
  const item = cart && {
    title: "Coffee",
    quantity: 1,
    original_total: cart.total,
    total: cart.total,
    tax_lines: [],
  };
  return [
    {
      id: session.id,
      payment_collection_id: session.collectionId,
      payment_collection: {
        cart: cart
          ? {
              ...{ id: cart.id, total: cart.total, items: [item], shipping_methods: [] },
              order: order ? { id: order.id, total: order.total } : null,
            }
          : null,
      },
    },
  ];
}
