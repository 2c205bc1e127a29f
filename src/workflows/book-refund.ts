import type { InvoiceRecord, ProblemCode, RefundRecord } from "../modules/seqr/contract";
import type { SettleContext } from "./settlement";

/**
 * Brings a refund that SEQR has made into Medusa's books, if it is not there. Core has deleted its own record when the
 * refund's outcome was not known; the provider takes the refund over and does not make it twice.
 */
export async function bookRefund(
  { seqr, shop }: Pick<SettleContext, "seqr" | "shop">,
  invoice: InvoiceRecord,
  refund: RefundRecord,
): Promise<void> {
  const booked = await shop.bookedRefunds([refund.idempotency_key]);
  if (booked.has(refund.idempotency_key)) return;
  if ((await shop.recordRefund(invoice.session_id, refund)) === "made") return;
  // Medusa's books have less left than SEQR gave back.
  const code: ProblemCode = "SEQR_REFUNDED_ELSEWHERE";
  await seqr.note(invoice, { problem: code });
}
