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
import { closedRefunds, isTakenOver } from "../../modules/seqr/operations/refund/medusa-refund";
import type { ProcessingContext } from "../processing-context";

const ELSEWHERE: AttentionKind = "refunded_elsewhere";

/** Whether SEQR has refused a refund in such a way that it is not tried again. */
export function isFinal({ result }: RefundRecord): boolean {
  return requiresManualAction({ problem: result });
}

/**
 * Brings a refund that SEQR has made into Medusa's books, if it is not there. Core has deleted its own record when the
 * refund's outcome was not known; the provider takes the refund over and does not make it twice.
 */
export async function recordRefundInMedusa(
  { seqr, store }: Pick<ProcessingContext, "seqr" | "store">,
  invoice: InvoiceRecord,
  refund: RefundRecord,
): Promise<void> {
  const records = await store.refundRecordsOf(invoice.session_id);
  if (records.some(({ id }) => id === refund.idempotency_key)) return;
  // A process may have died after Medusa had written a record, and before the provider was asked for it.
  const known = await seqr.ledger.refundKeys(records.map(({ id }) => id));
  const since = after(seqr.clock.now(), -REFUND_RETRY_WINDOW);
  // Nothing more comes of what SEQR has refused for good, or a person has closed.
  const over = await closedRefunds(seqr, invoice);
  for (const one of await seqr.ledger.refundsOf(invoice.id)) if (isFinal(one)) over.add(one.idempotency_key);
  const unasked = records.filter(
    ({ id, at }) => !known.has(id) && !over.has(id) && at >= since && !isTakenOver(invoice, at),
  );
  const own = unasked.find(({ named }) => named?.id === refund.id);
  if (own) await rekeyRefund(seqr, refund, own.id);
  // Or somebody asked again before it was known: what becomes of that is decided first, see makeUp.
  if (unasked.length > 0) return;
  if ((await store.recordRefund(invoice.session_id, refund)) === "made") return;
  // Medusa's books have less left than SEQR gave back. Somebody may have seen that.
  const madeAt = refund.finished_at ?? refund.requested_at;
  const decisions = await seqr.ledger.decisionsOf([invoice.id]);
  if (decisions.some(({ kind, decided_at }) => kind === ELSEWHERE && decided_at >= madeAt)) return;
  const code: ErrorCode = "SEQR_REFUNDED_ELSEWHERE";
  // Another problem waits for a person; this one is found again.
  if (invoice.problem === null) await patchInvoice(seqr, invoice, { problem: code });
}
