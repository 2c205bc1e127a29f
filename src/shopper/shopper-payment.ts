import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import {
  hashToken,
  paymentAddress,
  shopperStatus,
  type InvoiceRecord,
  type ShopperStatus,
} from "../modules/seqr/public";
import { queryOf, readRows } from "../medusa/queries";
import { canRestart } from "./can-restart";
import { leadingInvoice } from "./leading-invoice";

/** The code has ended, and nothing was charged for it. */
const OVER: readonly ShopperStatus[] = ["canceled", "superseded", "expired", "failed", "reversed"];

/** The shopper-visible part of a payment. */
export interface ShopperPayment {
  status: ShopperStatus;
  /** Decimal string. */
  amount: string;
  currency_code: string;
  expires_at: string;
  /** Whole seconds until then, so that a wrong clock of the browser has no effect. */
  expires_in: number;
  cart_id: string | null;
  /** After the order was placed. */
  order?: { id: string; display_id: number };
  /** After the payment: SEQR's reference, for the receipt. */
  ers_reference?: string;
  /** Whether the shopper can get a new code, after a code has ended without a payment. */
  can_renew?: boolean;
  /** Address of a newer code that can be paid: its page, and as JSON its session's data. */
  newer_url?: string;
}

/**
 * Reports the status of an invoice's purchase to the holder of the invoice's token. All codes of a purchase belong to the
 * same shopper: after the payment every code leads to the receipt, and an old code leads to the payable one.
 */
export async function shopperPayment(
  container: MedusaContainer,
  invoice: InvoiceRecord,
): Promise<ShopperPayment> {
  const seqr = seqrOf(container);
  const all = await seqr.ledger.invoicesOf([invoice.payment_collection_id]);
  const leading = leadingInvoice(invoice, all);
  // The store can neither poll nor cancel the code of a terminal that it has no more, so no one must pay it.
  const isUnknown = leading.state === "open" && !seqr.terminals.find(leading);
  const isNewer = !isUnknown && leading.id !== invoice.id && leading.state === "open";
  const newer = isNewer ? await tokenOf(container, leading) : undefined;
  // An order that the plugin cancelled because it was never paid is not shown to the shopper.
  const order =
    leading.order_id === null || leading.completed_at === null
      ? undefined
      : await orderOf(container, leading.order_id);
  const own = isUnknown ? "checking" : shopperStatus(leading.state, leading.reason);
  const status = !isNewer ? own : newer === undefined ? "preparing" : "superseded";
  const isOver = newer === undefined && OVER.includes(status);
  return {
    status,
    amount: leading.amount,
    currency_code: leading.currency_code,
    expires_at: leading.expires_at.toISOString(),
    expires_in: secondsLeft(leading, seqr.clock.now()),
    cart_id: leading.cart_id,
    ...(order && { order }),
    ...(leading.ers_reference !== null && { ers_reference: leading.ers_reference }),
    ...(isOver && { can_renew: await canRestart(container, invoice) }),
    ...(newer !== undefined && { newer_url: paymentAddress(newer, seqr.options) }),
  };
}

/**
 * Reads the token of an open invoice from its session in Medusa, because the ledger stores the hash only. Undefined until
 * Medusa has written the session: before that, the session contains what the storefront sent, which is not trusted.
 */
async function tokenOf(container: MedusaContainer, invoice: InvoiceRecord): Promise<string | undefined> {
  const [session] = await readRows<{ data?: { token?: unknown } | null }>(queryOf(container), {
    entity: "payment_session",
    fields: ["id", "data"],
    filters: { id: invoice.session_id },
  });
  const token = session?.data?.token;
  return typeof token === "string" && hashToken(token) === invoice.token_hash ? token : undefined;
}

/** Whole seconds until the invoice expires; 0 afterwards. */
function secondsLeft({ expires_at }: Pick<InvoiceRecord, "expires_at">, now: Date): number {
  return Math.max(0, Math.floor((expires_at.getTime() - now.getTime()) / 1_000));
}

async function orderOf(container: MedusaContainer, id: string): Promise<ShopperPayment["order"]> {
  const [order] = await readRows<{ id: string; display_id: number }>(queryOf(container), {
    entity: "order",
    fields: ["id", "display_id"],
    filters: { id },
  });
  return order;
}
