import type { OperationContext } from "../operation-context";
import type { RefundRecord } from "../../ledger/ledger";
import { newDecision, type DecidedEntry, type StaffDecision } from "../record-decision";
import { seqrError, type ErrorCode } from "../../../../errors/error-codes";
import type { PollSource } from "../poll-payment-status";
import { closeIfRefunded } from "./refundable-amount";

const NOT_MADE: ErrorCode = "SEQR_REFUND_NOT_MADE";

/** What staff say about a refund of unknown outcome. */
export interface RefundResolution {
  made: boolean;
  /** Whether to make it again, because it was not made. */
  again?: boolean;
  /** SEQR's reference of the refund, if it is known. */
  reference?: string;
}

/**
 * Resolves a refund of unknown outcome as staff say who have asked SEQR or read its report. The resolution and the decision are
 * recorded together. If the process crashes after that, the next run continues.
 *
 * @param entry whose subject is the refund
 * @throws {MedusaError} SEQR_DECISION_STALE when the outcome of that refund is not unknown any more
 */
export async function resolveUnknownRefund(
  context: OperationContext,
  entry: DecidedEntry,
  staffDecision: StaffDecision,
  { made, again = false, reference }: RefundResolution,
): Promise<RefundRecord> {
  const { ledger, clock } = context;
  const { invoice } = entry;
  const decision = newDecision(clock, entry, staffDecision);
  const result = made ? "0" : NOT_MADE;
  const now = clock.now();
  const refunds = await ledger.refundsOf(invoice.id);
  const unknown = refunds.find(({ id }) => id === decision.subject);
  if (!unknown) throw seqrError("SEQR_DECISION_STALE");
  const { amount, currency_code, idempotency_key, reason, actor_id } = unknown;
  const intent = {
    invoice_id: invoice.id,
    amount,
    currency_code,
    idempotency_key,
    reason,
    actor_id,
    requested_at: now,
  };
  const resolution = {
    state: made ? "done" : "refused",
    refund_reference: reference ?? null,
    result,
    finished_at: now,
  } as const;
  // The intent is recorded with the resolution: a crash between them would leave a decision without its effect.
  const resolved = await ledger.resolveRefund(decision, unknown.id, resolution, again ? intent : undefined);
  if (!resolved) throw seqrError("SEQR_DECISION_STALE");
  await ledger.recordObservation({
    invoice_id: invoice.id,
    observed_at: clock.now(),
    source: "staff" satisfies PollSource,
    operation: "refundPayment",
    status: null,
    version: null,
    ers_reference: null,
    result,
  });
  await closeIfRefunded(context, invoice, await ledger.refundsOf(invoice.id));
  // Refunding the rest was blocked by this refund, and continues now.
  await ledger.update(invoice.id, { attempts: 0, due_at: clock.now() }, ["refund_due", "refunding"]);
  return resolved;
}
