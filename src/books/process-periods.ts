import { after } from "../clock";
import { oneLine } from "../errors/one-line";
import { reconciledEvent, type BooksContext, type PeriodRecord } from "../modules/seqr/public";
import { loseClosing } from "./close-period";
import { codeOf } from "./error-code";
import { fetchReports } from "./fetch-reports";
import type { Reconciliation } from "./reconcile-period";
import { keepingLease, leaseRequest, ownerOf, RELEASED } from "./period-lease";

/** What processing periods works with. */
export interface ClosingContext extends BooksContext {
  /** Compares a period with the ledger and with Medusa, and writes its items. */
  reconcile: (period: PeriodRecord) => Promise<Pick<Reconciliation, "summaryDiffers" | "lostAfter">>;
}

/** Milliseconds after which a reconciliation that failed inside the store is done again. */
const RETRY_AFTER = 60_000;

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
    else if (period.state === "lost") await reconcile(context, period);
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

/** Reconciles a period. A lost one stays lost: what was paid in it is listed. */
async function reconcile(context: ClosingContext, period: PeriodRecord): Promise<void> {
  const { periods, clock, announce } = context;
  const { summaryDiffers, lostAfter } = await context.reconcile(period);
  if (lostAfter !== undefined) await reconcileLost(context, lostAfter);
  const isNew = period.reconciled_at === null;
  const changed = await periods.change(
    period.id,
    [period.state],
    {
      ...(period.state === "marked" && { state: "reconciled", result: "0" }),
      reconciled_at: clock.now(),
      // What staff have accepted is not listed again.
      summary_differs: summaryDiffers && (isNew || period.summary_differs),
      ...{ due_at: null, failing_since: null, ...RELEASED },
    },
    ownerOf(period),
  );
  if (changed === undefined || changed === "taken" || changed.state === "lost") return;
  announce(reconciledEvent(changed, await periods.countOpenItems(changed.id)));
}

/** Reconciles the lost periods that follow again: the reports before them may have come after they were reconciled. */
async function reconcileLost(context: ClosingContext, id: string): Promise<void> {
  const lost = await context.periods.find(id);
  if (lost?.state !== "lost") return;
  const { lostAfter } = await context.reconcile(lost);
  if (lostAfter !== undefined) await reconcileLost(context, lostAfter);
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
