import type { OperationContext } from "../operation-context";
import type { RefundRecord } from "../../ledger/ledger";
import { newDecision, type DecidedEntry, type StaffDecision } from "../record-decision";
import { seqrError, type ErrorCode } from "../../../../errors/error-codes";
import type { PollSource } from "../poll-payment-status";
import { closeIfReturned } from "./refund-invoice";

const NOT_MADE: ErrorCode = "SEQR_REFUND_NOT_MADE";

/** What has become known of a refund whose outcome was not. */
export interface RefundResolution {
  made: boolean;
  /** Whether it is to be made again, since it was not made. */
  again?: boolean;
  /** SEQR's reference of the refund, if it is known. */
  reference?: string;
}

/**
 * Settles one refund of unknown outcome by what a person says who has asked SEQR or read its report. The verdict and who
 * gave it are written together; what follows from it is found again by whoever comes next, should this process die.
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
  const { amount, currency_code, idempotency_key, reason } = unknown;
  const intent = {
    invoice_id: invoice.id,
    amount,
    currency_code,
    idempotency_key,
    reason,
    requested_at: now,
  };
  const verdict = {
    state: made ? "done" : "refused",
    refund_reference: reference ?? null,
    result,
    finished_at: now,
  } as const;
  // The intent is written with the verdict: a process that dies between them would leave a decision without its effect.
  const judged = await ledger.resolveRefund(decision, unknown.id, verdict, again ? intent : undefined);
  if (!judged) throw seqrError("SEQR_DECISION_STALE");
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
  await closeIfReturned(context, invoice, await ledger.refundsOf(invoice.id));
  // What was held up by it, and is not all back, goes on.
  await ledger.update(invoice.id, { attempts: 0, due_at: clock.now() }, ["refund_due", "refunding"]);
  return judged;
}
