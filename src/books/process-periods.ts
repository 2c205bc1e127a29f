import { after } from "../clock";
import type { ErrorCode } from "../errors/error-codes";
import { oneLine } from "../errors/one-line";
import {
  isWithoutReport,
  reconciledEvent,
  type BooksContext,
  type PeriodRecord,
} from "../modules/seqr/public";
import { loseClosing } from "./close-period";
import { codeOf } from "./error-code";
import { fetchReports } from "./fetch-reports";
import type { Reconciliation } from "./reconcile-period";
import { keepingLease, leaseRequest, ownerOf, RELEASED } from "./period-lease";

/** What processing periods works with. */
export interface ClosingContext extends BooksContext {
  /** Compares a period with the ledger and with Medusa, and writes its items. */
  reconcile: (
    period: PeriodRecord,
  ) => Promise<Pick<Reconciliation, "summaryDiffers" | "isOutOfTime" | "unreportedAfter">>;
}

/** Milliseconds after which a reconciliation that failed inside the store is done again. */
const RETRY_AFTER = 60_000;

const OUT_OF_TIME: ErrorCode = "SEQR_PERIOD_TIME";

/**
 * Does what is due with the periods: notices closings that a crashed process left, fetches reports, and reconciles. It may run in several
 * processes at once, each of which takes other periods, one at a time because reports may be large.
 *
 * @returns how many were worked on
 */
export async function processDuePeriods(context: ClosingContext): Promise<number> {
  for (let done = 0; ; done++) {
    const [period] = await context.periods.acquireDueLeases({ ...leaseRequest(context), limit: 1 });
    if (!period) return done;
    await keepingLease(context, period, () => processPeriod(context, period));
  }
}

/** Does the next steps of a period. It does not throw: a period whose step fails is due again. */
async function processPeriod(context: ClosingContext, period: PeriodRecord): Promise<void> {
  try {
    if (period.state === "marking") await loseClosing(context, period);
    else if (period.state === "marked") await processMarked(context, period);
    else if (isWithoutReport(period)) await reconcile(context, period);
    else
      await context.periods.change(period.id, [period.state], { due_at: null, ...RELEASED }, ownerOf(period));
  } catch (error) {
    await recordFailure(context, period, error);
  }
}

async function processMarked(context: ClosingContext, period: PeriodRecord): Promise<void> {
  const reported = period.reported_at ? period : await fetchReports(context, period);
  if (reported) await reconcile(context, reported);
}

/** Reconciles a period. One without a report keeps its state: what was paid in it is listed. */
async function reconcile(context: ClosingContext, period: PeriodRecord): Promise<void> {
  const { periods, clock, announce } = context;
  const { summaryDiffers, isOutOfTime, unreportedAfter } = await context.reconcile(period);
  if (unreportedAfter !== undefined) await reconcileUnreported(context, unreportedAfter);
  const isNew = period.reconciled_at === null;
  // SEQR's own answer names the right period.
  const isDoubtful = period.entered_by !== null && isOutOfTime && (isNew || period.is_open);
  const changed = await periods.change(
    period.id,
    [period.state],
    {
      ...(period.state === "marked" && {
        ...{ state: "reconciled", is_open: isDoubtful, result: isDoubtful ? OUT_OF_TIME : "0" },
      }),
      reconciled_at: clock.now(),
      // What staff have accepted is not listed again.
      summary_differs: summaryDiffers && (isNew || period.summary_differs),
      ...(!isWithoutReport(period) && { failing_since: null }),
      ...{ due_at: null, ...RELEASED },
    },
    ownerOf(period),
  );
  if (changed === undefined || changed === "taken" || isWithoutReport(changed)) return;
  announce(reconciledEvent(changed, await periods.countOpenItems(changed.id)));
}

/** Reconciles periods without a report that follow again: the reports before them may have come after they were reconciled. */
async function reconcileUnreported(context: ClosingContext, id: string): Promise<void> {
  const period = await context.periods.find(id);
  if (!period || !isWithoutReport(period)) return;
  const { unreportedAfter } = await context.reconcile(period);
  if (unreportedAfter !== undefined) await reconcileUnreported(context, unreportedAfter);
}

async function recordFailure(context: ClosingContext, period: PeriodRecord, error: unknown): Promise<void> {
  const { periods, clock, logger } = context;
  logger.error(`seqr: period ${period.id} could not be processed: ${oneLine(error)}`);
  const now = clock.now();
  const patch = { due_at: after(now, RETRY_AFTER), failing_since: period.failing_since ?? now, ...RELEASED };
  try {
    await periods.change(period.id, [period.state], { ...patch, result: codeOf(error) }, ownerOf(period));
  } catch (failure) {
    // Its lease ends, and then it is due again.
    logger.error(`seqr: period ${period.id}: ${oneLine(failure)}`);
  }
}
