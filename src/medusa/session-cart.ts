import type { BigNumberValue } from "@medusajs/framework/types";
import type { InvoiceRecord } from "../modules/seqr/public";
import { readRows, type Query } from "./queries";

/** The purchase of a payment session, as far as SEQR's invoice needs it. */
export interface SessionPurchase {
  paymentCollectionId: string;
  cart: PurchaseCart | undefined;
}

/** The cart behind a session. A payment for an order that was changed has none. */
export interface PurchaseCart {
  id: string;
  total: BigNumberValue;
  items: CartItem[];
  shipping_methods: CartCharge[];
  credit_lines?: CartCredit[] | null;
}

/** Store credit, a gift card: what of the total is paid already. */
export interface CartCredit {
  amount: BigNumberValue;
}

/** A line or a shipping method: its price before and after discounts, taxes included. */
export interface CartCharge {
  name?: string | null;
  original_total: BigNumberValue;
  total: BigNumberValue;
  tax_lines?: { rate: BigNumberValue }[] | null;
}

export interface CartItem extends CartCharge {
  quantity: BigNumberValue;
  title?: string | null;
  product_title?: string | null;
  variant_title?: string | null;
  variant_sku?: string | null;
  variant_barcode?: string | null;
  variant?: { ean?: string | null } | null;
}

const CART = "payment_collection.cart";
// Medusa works out totals, also those of items and shipping methods, when the cart's total is asked for.
const FIELDS = [
  "payment_collection_id",
  `${CART}.id`,
  `${CART}.total`,
  `${CART}.items.*`,
  `${CART}.items.tax_lines.*`,
  `${CART}.items.variant.ean`,
  `${CART}.items.original_total`,
  `${CART}.items.total`,
  `${CART}.shipping_methods.*`,
  `${CART}.shipping_methods.tax_lines.*`,
  `${CART}.shipping_methods.original_total`,
  `${CART}.shipping_methods.total`,
  `${CART}.credit_lines.*`,
];

/** Reads the purchase of a payment session from Medusa, never from what the shopper sent; undefined when it is gone. */
export async function purchaseOfSession(
  query: Query,
  sessionId: string,
): Promise<SessionPurchase | undefined> {
  const [session] = await readRows<PurchaseRow>(query, {
    entity: "payment_session",
    fields: FIELDS,
    filters: { id: sessionId },
  });
  if (!session) return undefined;
  return {
    paymentCollectionId: session.payment_collection_id,
    cart: session.payment_collection?.cart ?? undefined,
  };
}

/**
 * Reads the amount that an invoice has to pay now: the total of the order that is being placed, which core has written when it
 * authorizes the payment, or else the cart's. The two can differ, because the order may contain a cart change that another server
 * refuses at that moment. Undefined when there is neither.
 */
export async function totalOfInvoice(
  query: Query,
  { cart_id, session_id }: Pick<InvoiceRecord, "cart_id" | "session_id">,
): Promise<BigNumberValue | undefined> {
  if (cart_id === null) return totalOfSession(query, session_id);
  // The way that each completion takes, which waits for it: the order by its cart, and not by session and payment collection.
  const [link] = await readRows<{ order?: { total: BigNumberValue } | null }>(query, {
    entity: "order_cart",
    fields: ["order.total"],
    filters: { cart_id },
  });
  return link?.order ? link.order.total : totalOfSession(query, session_id);
}

async function totalOfSession(query: Query, sessionId: string): Promise<BigNumberValue | undefined> {
  const [session] = await readRows<SessionTotalRow>(query, {
    entity: "payment_session",
    fields: ["payment_collection.amount", `${CART}.id`, `${CART}.order.total`],
    filters: { id: sessionId },
  });
  const cart = session?.payment_collection?.cart;
  // For an order that was changed, core says in the payment collection what is to be paid.
  if (!cart) return session?.payment_collection?.amount;
  return cart.order ? cart.order.total : totalOfCart(query, cart.id);
}

async function totalOfCart(query: Query, id: string): Promise<BigNumberValue | undefined> {
  const [cart] = await readRows<{ total: BigNumberValue }>(query, {
    entity: "cart",
    fields: ["total"],
    filters: { id },
  });
  return cart?.total;
}

interface PurchaseRow {
  payment_collection_id: string;
  payment_collection?: { cart?: PurchaseCart | null } | null;
}

interface SessionTotalRow {
  payment_collection?: {
    amount?: BigNumberValue;
    cart?: { id: string; order?: { total: BigNumberValue } | null } | null;
  } | null;
}
