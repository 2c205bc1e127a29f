import { PaymentCollectionStatus } from "@medusajs/framework/utils";
import type { BigNumberValue } from "@medusajs/framework/types";
import { readRows, type Query } from "./queries";
import type { PurchaseCart } from "./session-cart";

export type { Query } from "./queries";

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

interface CaptureRow {
  id: string;
  amount: BigNumberValue;
  payment: { amount: BigNumberValue };
}

/** Reads captures that core has recorded, with the amounts of their payments. */
export function capturesById(query: Query, ids: string[]): Promise<CaptureRow[]> {
  return readRows<CaptureRow>(query, {
    entity: "capture",
    fields: ["id", "amount", "payment.amount"],
    filters: { id: ids },
  });
}

interface EditedRow {
  payment_collection?: {
    status: string;
    order?: { canceled_at?: string | null } | null;
    cart?: { order?: { canceled_at?: string | null } | null } | null;
  } | null;
}

/** What core sets a payment collection to when it cancels it, with and without a capture. It does so when an order is edited, and only then. */
const CANCELED: readonly string[] = [
  PaymentCollectionStatus.CANCELED,
  PaymentCollectionStatus.PARTIALLY_CAPTURED,
];

/**
 * Whether core cancels the payment of a session because its order was edited: it has cancelled the payment collection before, and not
 * the order.
 */
export async function isOrderOfSessionEdited(query: Query, sessionId: string): Promise<boolean> {
  const [session] = await readRows<EditedRow>(query, {
    entity: "payment_session",
    fields: [
      "id",
      "payment_collection.status",
      "payment_collection.order.canceled_at",
      "payment_collection.cart.order.canceled_at",
    ],
    filters: { id: sessionId },
  });
  const collection = session?.payment_collection;
  const order = collection?.order ?? collection?.cart?.order;
  return (
    collection !== null &&
    collection !== undefined &&
    CANCELED.includes(collection.status) &&
    order?.canceled_at === null
  );
}
