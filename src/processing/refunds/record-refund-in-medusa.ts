import { after } from "../../clock";
import {
  requiresManualAction,
  REFUND_RETRY_WINDOW,
  type AttentionKind,
  type InvoiceRecord,
  type RefundRecord,
  rekeyRefund,
  patchInvoice,
} from "../../modules/seqr/public";
import type { ErrorCode } from "../../errors/error-codes";
import { closedRefunds, isClosedSince } from "../../modules/seqr/operations/refund/medusa-refund";
import type { ProcessingContext } from "../processing-context";

const ELSEWHERE: AttentionKind = "refunded_elsewhere";

/** Whether SEQR has refused a refund for a reason that no retry clears. */
export function isFinal({ result }: RefundRecord): boolean {
  return requiresManualAction({ problem: result });
}

/**
 * Records a refund that SEQR has made in Medusa, if Medusa misses it: core deletes its record when the outcome of a refund is
 * unknown. The provider assigns the refund to the new record and does not ask SEQR again.
 */
export async function recordRefundInMedusa(
  { seqr, store }: Pick<ProcessingContext, "seqr" | "store">,
  invoice: InvoiceRecord,
  refund: RefundRecord,
): Promise<void> {
  const records = await store.refundRecordsOf(invoice.session_id);
  if (records.some(({ id }) => id === refund.idempotency_key)) return;
  // A process may have crashed after Medusa had recorded a refund, and before it asked the provider.
  const known = await seqr.ledger.refundKeys(records.map(({ id }) => id));
  const since = after(seqr.clock.now(), -REFUND_RETRY_WINDOW);
  // Refunds that SEQR has refused permanently, or staff have closed, are never made.
  const over = await closedRefunds(seqr, invoice);
  for (const one of await seqr.ledger.refundsOf(invoice.id)) if (isFinal(one)) over.add(one.idempotency_key);
  const unasked = records.filter(
    ({ id, at }) => !known.has(id) && !over.has(id) && at >= since && !isClosedSince(invoice, at),
  );
  const own = unasked.find(({ named }) => named?.id === refund.id);
  if (own) await rekeyRefund(seqr, refund, own.id);
  // Staff may have asked again before the outcome was known: see retryMissingRefund, which decides about that first.
  if (unasked.length > 0) return;
  if ((await store.recordRefund(invoice.session_id, refund)) === "made") return;
  // Less is left in Medusa than SEQR has refunded. Staff may have acknowledged that already.
  const madeAt = refund.finished_at ?? refund.requested_at;
  const decisions = await seqr.ledger.decisionsOf([invoice.id]);
  if (decisions.some(({ kind, decided_at }) => kind === ELSEWHERE && decided_at >= madeAt)) return;
  const code: ErrorCode = "SEQR_REFUNDED_ELSEWHERE";
  // A problem that staff have to see must not be overwritten; this one is found again.
  if (invoice.problem === null) await patchInvoice(seqr, invoice, { problem: code });
}
