import type { InvoiceRecord, RefundRecord } from "../modules/seqr/contract";
import type { SettleContext } from "./settlement";

/**
 * Brings a refund that SEQR has made into Medusa's books, if it is not there. Core has deleted its own record when the
 * refund's outcome was not known; the provider takes the refund over and does not make it twice.
 */
export async function bookRefund(
  { shop }: Pick<SettleContext, "shop">,
  invoice: InvoiceRecord,
  { idempotency_key, amount }: RefundRecord,
): Promise<void> {
  const booked = await shop.bookedRefunds([idempotency_key]);
  if (!booked.has(idempotency_key)) await shop.refund(invoice.session_id, amount);
}
