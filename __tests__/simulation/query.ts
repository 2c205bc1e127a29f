import type { RemoteQueryFunction } from "@medusajs/framework/types";
import type { Accounts, Collection, Order } from "./accounts";
import { compareExactly, sumExactly } from "./exact";
import type { SimulatedProcess } from "./simulated-process";

/** Medusa's query, for the questions that the provider asks. */
export class ModelQuery implements Pick<RemoteQueryFunction, "graph"> {
  readonly graph: RemoteQueryFunction["graph"];

  constructor(accounts: Accounts, process: SimulatedProcess) {
    const answer = (question: { entity: string; filters?: unknown }): Promise<unknown> =>
      process.step(`query ${question.entity}`, () => ({ data: rowsOf(accounts, question) }));
    this.graph = answer as RemoteQueryFunction["graph"];
  }
}

function rowsOf(accounts: Accounts, { entity, filters }: { entity: string; filters?: unknown }): object[] {
  const {
    id = [],
    cart_id,
    payment: of,
  } = filters as {
    id?: string | string[];
    cart_id?: string;
    payment?: { payment_session_id: string };
  };
  if (entity === "refund") {
    const wanted = [id].flat();
    return [...accounts.payments.values()].flatMap(({ sessionId, refunds }) =>
      refunds
        .filter((refund) => wanted.includes(refund.id) || sessionId === of?.payment_session_id)
        .map(({ id, amount, metadata, at }) => ({
          ...{ id, amount, metadata, created_at: at },
          raw_amount: { value: amount, precision: 20 },
        })),
    );
  }
  if (entity === "capture") {
    const wanted = [id].flat();
    return accounts.captureRows().filter((row) => wanted.includes(row.id));
  }
  if (entity === "cart") {
    const row = accounts.carts.get(String(id));
    return row ? [{ id: row.id, total: row.total }] : [];
  }
  if (entity === "order_cart") {
    const order = accounts.orders.get(accounts.carts.get(cart_id ?? "")?.orderId ?? "");
    return order ? [{ order: { total: order.total } }] : [];
  }
  if (entity !== "payment_session") throw new Error(`the model knows no ${entity}`);
  const session = accounts.sessions.get(String(id));
  if (!session) return [];
  const cart = accounts.carts.get(accounts.collections.get(session.collectionId)?.cartId ?? "");
  const collection = accounts.collections.get(session.collectionId);
  const order = accounts.orders.get(cart?.orderId ?? "");
  const paid = accounts.orders.get(collection?.orderId ?? "");
  const goods = cart && sumExactly([cart.total, cart.credit]);
  const item = { title: "Coffee", quantity: 1, original_total: goods, total: goods, tax_lines: [] };
  const credit = cart && compareExactly(cart.credit, "0") > 0 ? [{ amount: cart.credit }] : [];
  return [
    {
      id: session.id,
      payment_collection_id: session.collectionId,
      payment_collection: {
        id: session.collectionId,
        amount: collection?.amount,
        status: statusOf(collection),
        order: paid ? orderRow(paid) : null,
        cart: cart
          ? {
              ...{
                id: cart.id,
                total: cart.total,
                items: [item],
                shipping_methods: [],
                credit_lines: credit,
              },
              order: order ? orderRow(order) : null,
            }
          : null,
      },
    },
  ];
}

function statusOf({ isCanceled, isPartiallyCaptured }: Partial<Collection> = {}): string {
  if (isPartiallyCaptured) return "partially_captured";
  return isCanceled ? "canceled" : "authorized";
}

/** An order as the provider reads it: with the rows that it has now. */
function orderRow({ id, total, placed, canceled, canceledAt }: Order): object {
  const item = { title: "Coffee", quantity: 1, original_total: total, total, tax_lines: [] };
  return {
    ...{
      id,
      total,
      version: total === placed ? 1 : 2,
      items: [item],
      shipping_methods: [],
      credit_lines: [],
    },
    canceled_at: canceled ? new Date(canceledAt ?? 0) : null,
  };
}
