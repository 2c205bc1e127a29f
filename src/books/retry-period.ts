import { seqrError } from "../errors/error-codes";
import {
  CLOSED_STATES,
  type BooksContext,
  type PeriodPatch,
  type PeriodRecord,
} from "../modules/seqr/public";

/** What a member of staff has done about a period. */
export interface PeriodRetry {
  /** SEQR's id of a lost period, as SEQR's support gives it. */
  transactionPeriodId?: string | undefined;
  /** Medusa's id of the member of staff. */
  actorId: string;
}

/**
 * Has the reports on a period fetched and compared again, which the job does within seconds. With SEQR's id of it, a lost period becomes one
 * that was closed.
 *
 * @returns the period, due now
 * @throws {MedusaError} SEQR_NO_SUCH_PERIOD, SEQR_PERIOD_STATE when that is not possible with it, SEQR_PERIOD_REPEATED when another period
 * of the scope has the id
 */
export async function retryPeriod(
  { periods, clock }: Pick<BooksContext, "periods" | "clock">,
  id: string,
  { transactionPeriodId, actorId }: PeriodRetry,
): Promise<PeriodRecord> {
  const period = await periods.find(id);
  if (!period) throw seqrError("SEQR_NO_SUCH_PERIOD");
  const isLost = period.state === "lost";
  const isReported = !isLost && CLOSED_STATES.some((state) => state === period.state);
  if (isLost ? transactionPeriodId === undefined : !isReported || transactionPeriodId !== undefined)
    throw seqrError("SEQR_PERIOD_STATE", `It is ${period.state}.`);
  const now = clock.now();
  const again: PeriodPatch = {
    ...{ state: "marked", due_at: now, reported_at: null, attempts: 0, failing_since: null },
    ...{ is_open: false, result: null },
  };
  const decision = {
    ...{ period_id: id, kind: `period_${period.state}`, subject: "" },
    ...{ action: "retry", actor_id: actorId, decided_at: now },
    reason: transactionPeriodId === undefined ? "" : `SEQR's id is ${transactionPeriodId}.`,
  };
  const changed = await periods.decide(
    decision,
    { state: period.state },
    transactionPeriodId === undefined
      ? again
      : { ...again, transaction_period_id: transactionPeriodId, marked_at: now, reconciled_at: null },
  );
  if (changed === "taken") throw seqrError("SEQR_PERIOD_REPEATED", `It is ${transactionPeriodId ?? ""}.`);
  if (!changed) throw seqrError("SEQR_PERIOD_STATE", "It has changed meanwhile.");
  return changed;
}
