import { seqrError } from "../errors/error-codes";
import { RELEASED } from "./period-lease";
import {
  CLOSED_STATES,
  isWithoutReport,
  type BooksContext,
  type PeriodPatch,
  type PeriodRecord,
  type PeriodStore,
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
 * that was closed; an id that was entered wrongly is replaced in the same way.
 *
 * @returns the period, due now
 * @throws {MedusaError} SEQR_NO_SUCH_PERIOD, SEQR_PERIOD_STATE when that is not possible with it, SEQR_PERIOD_ID_TAKEN when another period
 * of the account has the id
 */
export async function retryPeriod(
  { periods, clock }: Pick<BooksContext, "periods" | "clock">,
  id: string,
  { transactionPeriodId, actorId }: PeriodRetry,
): Promise<PeriodRecord> {
  const period = await periods.find(id);
  if (!period) throw seqrError("SEQR_NO_SUCH_PERIOD");
  const { state, is_open } = period;
  const isPossible =
    transactionPeriodId === undefined
      ? state !== "lost" && CLOSED_STATES.some((closed) => closed === state)
      : await isIdAwaited(periods, period);
  if (!isPossible) throw seqrError("SEQR_PERIOD_STATE", `It is ${state}.`);
  const now = clock.now();
  const again: PeriodPatch = {
    ...{ state: "marked", due_at: now, reported_at: null, attempts: 0, failing_since: null },
    // One with rows stays as it is until there are others, and so does the question whether its id is right.
    ...(isWithoutReport(period) && { is_open: false, reconciled_at: null }),
    result: null,
  };
  const decision = {
    ...{ period_id: id, kind: `period_${state}`, subject: "" },
    ...{ action: "retry", actor_id: actorId, decided_at: now },
    reason: transactionPeriodId === undefined ? "" : `SEQR's id is ${transactionPeriodId}.`,
  };
  if (transactionPeriodId !== undefined) await refuseTaken(periods, period, transactionPeriodId);
  const changed =
    transactionPeriodId === undefined
      ? await periods.decide(decision, { state }, again)
      : await periods.enterId(
          decision,
          { state, is_open },
          {
            ...again,
            ...{ transaction_period_id: transactionPeriodId, entered_by: actorId, marked_at: now },
            ...{ is_open: false, reconciled_at: null, sales_count: null, sales_total: null },
            ...{ report_differs: false, summary_differs: false, ...RELEASED },
          },
        );
  if (changed === "taken") throw seqrError("SEQR_PERIOD_ID_TAKEN", `It is ${transactionPeriodId ?? ""}.`);
  if (!changed) throw seqrError("SEQR_PERIOD_STATE", "It has changed meanwhile.");
  return changed;
}

/** Whether staff can enter SEQR's id of a period: of a lost one; and another one, until a report shows that the first was right. */
async function isIdAwaited(
  periods: PeriodStore,
  { id, state, entered_by, is_open }: PeriodRecord,
): Promise<boolean> {
  if (state === "lost") return true;
  if (entered_by === null) return false;
  return state !== "reconciled" || is_open || (await periods.countOpenItems(id)) > 0;
}

async function refuseTaken(
  periods: PeriodStore,
  period: PeriodRecord,
  transactionPeriodId: string,
): Promise<void> {
  const other = await periods.findByTransactionPeriod(period, transactionPeriodId);
  if (!other || other.id === period.id) return;
  const closed = other.requested_at.toISOString();
  throw seqrError("SEQR_PERIOD_ID_TAKEN", `It is that of period ${other.id}, closed at ${closed}.`);
}
