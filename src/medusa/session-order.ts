import { readRows, type Query } from "./queries";
import type { PurchaseCart } from "./session-cart";

interface SessionOrderRow {
  payment_collection?: { order?: (PurchaseCart & { version: number }) | null } | null;
}

const ORDER = "payment_collection.order";
// Medusa computes totals, also those of items and shipping methods, when the order's total is asked for.
const FIELDS = [
  `${ORDER}.id`,
  `${ORDER}.version`,
  `${ORDER}.total`,
  `${ORDER}.items.*`,
  `${ORDER}.items.tax_lines.*`,
  `${ORDER}.items.original_total`,
  `${ORDER}.items.total`,
  `${ORDER}.shipping_methods.*`,
  `${ORDER}.shipping_methods.tax_lines.*`,
  `${ORDER}.shipping_methods.original_total`,
  `${ORDER}.shipping_methods.total`,
  `${ORDER}.credit_lines.*`,
];

/** Reads the order of a payment session, if staff have changed it since it was placed: each change makes another version. */
export async function editedOrderOfSession(
  query: Query,
  sessionId: string,
): Promise<PurchaseCart | undefined> {
  const [session] = await readRows<SessionOrderRow>(query, {
    entity: "payment_session",
    fields: ["id", ...FIELDS],
    filters: { id: sessionId },
  });
  const order = session?.payment_collection?.order;
  return order && order.version > 1 ? order : undefined;
}
