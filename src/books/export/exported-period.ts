import { seqrError } from "../../errors/error-codes";
import {
  hasItemsOfReport,
  isDecided,
  type BooksReader,
  type PeriodFilter,
  type PeriodRecord,
} from "../../modules/seqr/public";
import { localDays } from "../local-day";

/** One period; or all that were closed from one moment on and before another one. */
export type ExportedSpan = { periodId: string } | Pick<PeriodFilter, "from" | "to" | "fromDay" | "toDay">;

/** Which periods an export has. */
export interface Selection {
  /** The only period that was asked for. */
  only: PeriodRecord | undefined;
  /** The periods of a span that are not in it. */
  leftOut: readonly PeriodRecord[];
  /** Oldest first. */
  periods: AsyncIterable<PeriodRecord>;
}

/** Periods that are in memory at once. */
const PERIODS = 100;

/** States of periods that SEQR has closed or may have closed. What SEQR refused to close is in the next one. */
const STATES = ["marking", "marked", "reconciled", "unreported", "lost"] as const;

/**
 * Finds the periods of an export.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_PERIOD; SEQR_PERIOD_NOT_RECONCILED when it is not known what a single period comes to
 */
export async function selectPeriods(books: BooksReader, of: ExportedSpan): Promise<Selection> {
  if ("periodId" in of) {
    const period = await books.findPeriod(of.periodId);
    if (!period) throw seqrError("SEQR_NO_SUCH_PERIOD");
    const why = await whyLeftOut(books, period);
    if (why !== undefined) throw seqrError("SEQR_PERIOD_NOT_RECONCILED", why);
    return { only: period, leftOut: [], periods: one(period) };
  }
  const leftOut: PeriodRecord[] = [];
  for await (const period of periodsIn(books, of))
    if ((await whyLeftOut(books, period)) !== undefined) leftOut.push(period);
  return { only: undefined, leftOut, periods: without(periodsIn(books, of), leftOut) };
}

async function* one(period: PeriodRecord): AsyncIterable<PeriodRecord> {
  yield period;
}

async function* without(
  periods: AsyncIterable<PeriodRecord>,
  leftOut: readonly PeriodRecord[],
): AsyncIterable<PeriodRecord> {
  const ids = new Set(leftOut.map(({ id }) => id));
  for await (const period of periods) if (!ids.has(period.id) && isDecided(period)) yield period;
}

async function* periodsIn(
  books: BooksReader,
  span: Exclude<ExportedSpan, { periodId: string }>,
): AsyncIterable<PeriodRecord> {
  for (let offset = 0; ; offset += PERIODS) {
    const page = { limit: PERIODS, offset, oldestFirst: true };
    const { records } = await books.listPeriods({ ...span, state: STATES }, page);
    yield* records;
    if (records.length < PERIODS) return;
  }
}

/**
 * Why a period does not belong into exports yet; undefined when it does. What is exported of it must not turn up in the export of another
 * one: so one without a report waits for the period after it and for those before it, which may have its payments, and each waits for
 * earlier ones of the other kind of scope: the shop's period and those of terminals have the same payments.
 */
async function whyLeftOut(books: BooksReader, period: PeriodRecord): Promise<string | undefined> {
  const { state } = period;
  if (!isDecided(period)) return `It is ${state}.`;
  if (!hasItemsOfReport(period)) {
    const next = await books.followerOf(period);
    if (!next) return `It is ${state}, and the period after it, which may have its payments, is not closed.`;
    if (!isDecided(next))
      return `It is ${state}, and period ${next.id} after it, which may have its payments, is ${next.state}.`;
  }
  const before = await books.undecidedBefore(period);
  return before && `Period ${before.id} before it, which may have the same payments, is ${before.state}.`;
}

/** The day that a period is of, `2026-01-15`: the schedule's, or that on which it was closed by hand. */
export function dayOfPeriod(
  { closing_day, requested_at }: Pick<PeriodRecord, "closing_day" | "requested_at">,
  timeZone: string,
): string {
  return closing_day ?? localDays(timeZone)(requested_at);
}
