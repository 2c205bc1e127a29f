import { after, type InvoiceRecord, type ProblemCode, type RefundRecord } from "../modules/seqr/contract";
import type { SettleContext } from "./settlement";

/** Milliseconds for which Medusa's refunds are compared with SEQR's. */
export const LOOKED_OVER = 3 * 24 * 3_600_000;

/**
 * Brings a refund that SEQR has made into Medusa's books, if it is not there. Core has deleted its own record when the
 * refund's outcome was not known; the provider takes the refund over and does not make it twice.
 */
export async function bookRefund(
  { seqr, shop }: Pick<SettleContext, "seqr" | "shop">,
  invoice: InvoiceRecord,
  refund: RefundRecord,
): Promise<void> {
  const records = await shop.recordsOf(invoice.session_id);
  if (records.some(({ id }) => id === refund.idempotency_key)) return;
  // A process may have died after Medusa had written a record, and before the provider was asked for it.
  const known = await seqr.refundKeys(records.map(({ id }) => id));
  const since = after(seqr.now(), -LOOKED_OVER);
  const unasked = records.filter(({ id, at }) => !known.has(id) && at >= since);
  const own = unasked.find(({ named }) => named?.id === refund.id);
  if (own) await seqr.rekeyRefund(refund, own.id);
  // Or somebody asked again before it was known: what becomes of that is decided first, see makeUp.
  if (unasked.length > 0) return;
  if ((await shop.recordRefund(invoice.session_id, refund)) === "made") return;
  // Medusa's books have less left than SEQR gave back.
  const code: ProblemCode = "SEQR_REFUNDED_ELSEWHERE";
  if (invoice.problem !== code) await seqr.note(invoice, { problem: code });
}
