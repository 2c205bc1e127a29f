import { readRows, type Query } from "./queries";

/** What of Medusa a search has found: ids by which the ledger knows its invoices. */
export interface FoundPurchases {
  session_ids: string[];
  payment_collection_ids: string[];
  cart_ids: string[];
  order_ids: string[];
}

/** Carts and orders of one customer that are followed: the newest. */
const FOLLOWED = 200;

/** The greatest number that Medusa's column for it takes. */
const GREATEST_NUMBER = 2_147_483_647;

interface OrderRow {
  id: string;
  payment_collections?: { id: string }[] | null;
}

/**
 * Finds purchases in Medusa by what a person may know of them: the number of an order (`12` or `#12`), the shopper's e-mail, or the id of an
 * order or of a payment. Each is read by an index; an order's own copy of the e-mail has none, so the way leads through the customer.
 *
 * @param text a whole reference, without control characters
 */
export async function findPurchases(query: Query, text: string): Promise<FoundPurchases> {
  if (text.startsWith("pay_")) return found({ session_ids: await sessionsOfPayment(query, text) });
  if (text.includes("@")) return purchasesOfCustomer(query, text);
  return ordersFound(await ordersWhere(query, orderFilter(text)));
}

function orderFilter(text: string): object {
  if (text.startsWith("order_")) return { id: text };
  const [, digits] = /^#?(\d{1,10})$/.exec(text) ?? [];
  const custom = { custom_display_id: text };
  const number = Number(digits ?? GREATEST_NUMBER + 1);
  return number <= GREATEST_NUMBER ? { $or: [{ display_id: number }, custom] } : custom;
}

async function purchasesOfCustomer(query: Query, email: string): Promise<FoundPurchases> {
  const customers = await readRows<{ id: string }>(query, {
    entity: "customer",
    fields: ["id"],
    filters: { email: [...new Set([email, email.toLowerCase()])] },
  });
  const customer_id = customers.map(({ id }) => id);
  if (customer_id.length === 0) return found({});
  const newest = { take: FOLLOWED, order: { created_at: "DESC" } };
  const carts = await readRows<{ id: string }>(query, {
    entity: "cart",
    fields: ["id"],
    filters: { customer_id },
    pagination: newest,
  });
  const orders = await ordersWhere(query, { customer_id }, newest);
  return { ...ordersFound(orders), cart_ids: carts.map(({ id }) => id) };
}

/** Reads orders with their payment collections: not every payment of an order has its id in the ledger yet. */
function ordersWhere(
  query: Query,
  filters: object,
  pagination?: { take: number; order: object },
): Promise<OrderRow[]> {
  return readRows<OrderRow>(query, {
    entity: "order",
    fields: ["id", "payment_collections.id"],
    filters,
    ...(pagination && { pagination }),
  });
}

async function sessionsOfPayment(query: Query, id: string): Promise<string[]> {
  const payments = await readRows<{ payment_session_id: string | null }>(query, {
    entity: "payment",
    fields: ["payment_session_id"],
    filters: { id },
  });
  return payments.flatMap(({ payment_session_id }) => payment_session_id ?? []);
}

function ordersFound(orders: readonly OrderRow[]): FoundPurchases {
  return found({
    order_ids: orders.map(({ id }) => id),
    payment_collection_ids: orders.flatMap(({ payment_collections }) =>
      (payment_collections ?? []).map(({ id }) => id),
    ),
  });
}

function found(some: Partial<FoundPurchases>): FoundPurchases {
  return { session_ids: [], payment_collection_ids: [], cart_ids: [], order_ids: [], ...some };
}
