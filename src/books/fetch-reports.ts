import { after } from "../clock";
import { oneLine } from "../errors/one-line";
import { seqrError } from "../errors/error-codes";
import {
  unreportedEvent,
  type Account,
  type BooksContext,
  type NewReport,
  type PeriodPatch,
  type PeriodRecord,
} from "../modules/seqr/public";
import {
  SeqrReportError,
  SeqrResultError,
  type Report,
  type SeqrClient,
  type TransactionDetails,
} from "../seqr";
import { codeOf } from "./error-code";
import { ownerOf, RELEASED } from "./period-lease";
import {
  digestOf,
  digestOfRows,
  documentOf,
  readDetails,
  readSummary,
  rowsOf,
  type SalesOfPeriod,
} from "./report-content";

/** The reports on a period by what it is closed of (PROTOCOL 9.2). */
export const REPORTS = {
  shop: { details: "Reconciliation/STD_RECON_003.xml", summary: "Reconciliation/Shop.xml" },
  terminal: {
    details: "Reconciliation/STD_RECON_007.xml",
    summary: "Reconciliation/STD_RECON_006.xml",
  },
} as const;

/** SEQR's answer that a report is not ready. It never becomes ready for a period of the wrong scope. */
const NOT_READY = 2;
/** How often SEQR may say so, and the milliseconds after which it is asked again: eight minutes in all. */
const NOT_READY_TRIES = 16;
const SOON = 3_000;
const SOON_TRIES = 5;
const LONGEST_NOT_READY = 60_000;

/** Milliseconds for which other failures are tried again, and the pause between two tries: as long as it has failed, within bounds. */
const FAILING_FOR = 24 * 3_600_000;
const SHORTEST_PAUSE = 5_000;
const LONGEST_PAUSE = 3_600_000;

/** A document that SEQR sent about a period, and what it says where it can be read. */
interface Fetched<Content> {
  reportId: string;
  report: Report;
  content: Content | undefined;
}

/**
 * Fetches SEQR's reports on a period that was closed: each transaction, and the summary. They are kept with their rows in one
 * transaction. Reports that were fetched before are not replaced: one that says something else is kept beside the first, and listed for
 * staff.
 *
 * @param period whose lease this process has
 * @returns the period with its rows; undefined when there are none, which is recorded
 */
export async function fetchReports(
  context: BooksContext,
  period: PeriodRecord,
): Promise<PeriodRecord | undefined> {
  const id = period.transaction_period_id ?? "";
  const parameters = {
    transactionPeriodId: id,
    ...(period.terminal_id !== null && { TERMINALID: period.terminal_id }),
  };
  const reportIds = REPORTS[period.terminal_id === null ? "shop" : "terminal"];
  try {
    const { client } = accountOf(context, period);
    const details = await fetch(context, client, reportIds.details, parameters, (report) =>
      readDetails(report, id),
    );
    if (!details.content) return await keepUnreadable(context, period, details);
    const summary = await fetchSummary(context, client, reportIds.summary, parameters, (report) =>
      readSummary(report, id),
    );
    return await keep(context, period, { ...details, content: details.content }, summary);
  } catch (error) {
    context.logger.warn(`seqr: the reports on period ${period.id} could not be fetched: ${oneLine(error)}`);
    await recordFailure(context, period, error);
    return undefined;
  }
}

function accountOf({ accounts }: BooksContext, period: PeriodRecord): Account {
  const account = accounts.of(period);
  if (!account) throw seqrError("SEQR_ACCOUNT_UNKNOWN", `It is ${period.reseller_id} at ${period.endpoint}.`);
  return account;
}

async function fetch<Content>(
  { logger }: Pick<BooksContext, "logger">,
  client: SeqrClient,
  reportId: string,
  parameters: Record<string, string>,
  read: (report: Report) => Content,
): Promise<Fetched<Content>> {
  const report = await client.executeReport(reportId, parameters);
  try {
    return { reportId, report, content: read(report) };
  } catch (error) {
    if (!(error instanceof SeqrReportError)) throw error;
    logger.warn(`seqr: report ${reportId}: ${oneLine(error)}`);
    return { reportId, report, content: undefined };
  }
}

/** The summary; undefined when SEQR does not give it for a reason that does not pass: the rows are enough. */
async function fetchSummary(
  ...given: Parameters<typeof fetch<SalesOfPeriod>>
): Promise<Fetched<SalesOfPeriod> | undefined> {
  try {
    return await fetch(...given);
  } catch (error) {
    if (!(error instanceof SeqrResultError) || error.result.next !== "stop") throw error;
    const [{ logger }, , reportId] = given;
    logger.warn(`seqr: SEQR does not give the report ${reportId}: ${oneLine(error)}`);
    return undefined;
  }
}

/** Keeps what is new of the reports, and the rows where there were none. */
async function keep(
  { periods, clock }: BooksContext,
  period: PeriodRecord,
  details: Fetched<TransactionDetails> & { content: TransactionDetails },
  summary: Fetched<SalesOfPeriod> | undefined,
): Promise<PeriodRecord | undefined> {
  const now = clock.now();
  const current = await periods.currentReports(period.id);
  const digestBefore = new Map(current.map(({ report_id, digest }) => [report_id, digest]));
  const fetched = [
    newReport(details, digestOfRows(rowsOf(details.content)), now),
    ...(summary ? [newReport(summary, digestOf(summary.content ?? documentOf(summary.report)), now)] : []),
  ];
  const reports = fetched
    .filter(({ report_id, digest }) => digestBefore.get(report_id) !== digest)
    .map((report) => ({ ...report, is_current: !digestBefore.has(report.report_id) }));
  const hasRows = digestBefore.has(details.reportId);
  const isFirstSummary = summary !== undefined && !digestBefore.has(summary.reportId);
  return periods.keepReports(period.id, ownerOf(period), {
    reports,
    ...(!hasRows && { rows: rowsOf(details.content) }),
    patch: {
      ...{ reported_at: now, attempts: 0, failing_since: null, result: "0" },
      ...(isFirstSummary && summary.content),
      ...(reports.some(({ is_current }) => !is_current) && { report_differs: true }),
    },
  });
}

/** Keeps a document that is no report as it came, and the period is `unreported`; where there are rows, they stay. */
async function keepUnreadable(
  context: BooksContext,
  period: PeriodRecord,
  { reportId, report }: Fetched<unknown>,
): Promise<undefined> {
  const { periods, clock } = context;
  const hasRows = (await periods.currentReports(period.id)).length > 0;
  const kept = newReport({ reportId, report }, digestOf(documentOf(report)), clock.now());
  const changed = await periods.keepReports(period.id, ownerOf(period), {
    // It is not what the period goes by: a report that is fetched again is the first with rows.
    reports: hasRows ? [] : [{ ...kept, is_current: false }],
    patch: givenUp("SEQR_REPORT_INVALID", hasRows, clock.now()),
  });
  if (changed?.state === "unreported") context.announce(unreportedEvent(changed));
  return undefined;
}

/** Says when the reports are fetched again, or that they are not any more. */
async function recordFailure(context: BooksContext, period: PeriodRecord, error: unknown): Promise<void> {
  const { periods, clock, announce } = context;
  const now = clock.now();
  const isNotReady = error instanceof SeqrResultError && error.result.code === NOT_READY;
  const attempts = isNotReady ? period.attempts + 1 : period.attempts;
  const failing_since = period.failing_since ?? now;
  const failingFor = now.getTime() - failing_since.getTime();
  const isOver = (isNotReady && attempts >= NOT_READY_TRIES) || failingFor >= FAILING_FOR;
  const result = codeOf(error);
  const pause = isNotReady ? pauseUntilReady(attempts) : pauseAfterFailure(failingFor);
  const hasRows = isOver && (await periods.currentReports(period.id)).length > 0;
  const changed = await periods.change(
    period.id,
    ["marked"],
    isOver
      ? { ...givenUp(result, hasRows, now), attempts, failing_since }
      : { due_at: after(now, pause), attempts, failing_since, result, ...RELEASED },
    ownerOf(period),
  );
  if (changed && changed !== "taken" && changed.state === "unreported") announce(unreportedEvent(changed));
}

/** The period without a new report: as before when it has rows, otherwise `unreported`. What was paid in it is listed next. */
function givenUp(result: string, hasRows: boolean, now: Date): PeriodPatch {
  return hasRows
    ? { state: "reconciled", result, due_at: null, ...RELEASED }
    : { state: "unreported", is_open: true, result, due_at: now, ...RELEASED };
}

function pauseUntilReady(attempts: number): number {
  return Math.min(SOON * 2 ** Math.max(0, attempts - SOON_TRIES), LONGEST_NOT_READY);
}

function pauseAfterFailure(failingFor: number): number {
  return Math.min(Math.max(failingFor, SHORTEST_PAUSE), LONGEST_PAUSE);
}

function newReport(
  { reportId, report }: Pick<Fetched<unknown>, "reportId" | "report">,
  digest: string,
  fetched_at: Date,
): NewReport {
  return {
    report_id: reportId,
    title: report.title?.trim() || null,
    mime_type: report.mimeType?.trim() || null,
    content: documentOf(report),
    ...{ digest, fetched_at, is_current: true },
  };
}
