import { seqrError } from "../errors/error-codes";
import type { BooksContext, NewPeriodDecision, PeriodPatch } from "../modules/seqr/public";
import { REPORTS } from "./fetch-reports";
import { readDetails, readSummary, rowsOf } from "./report-content";

/**
 * Lets a period go by the reports that were fetched again, as staff have decided: their rows replace the first ones. It is reconciled
 * again, which the job does within seconds.
 *
 * @throws {MedusaError} SEQR_DECISION_STALE when the period has no open question about a report any more
 * @throws {SeqrReportError} when a report cannot be read
 */
export async function acceptReport(
  { periods, clock }: Pick<BooksContext, "periods" | "clock">,
  decision: NewPeriodDecision,
): Promise<void> {
  const period = await periods.find(decision.period_id);
  const reports = await periods.differingReports(decision.period_id);
  if (!period || reports.length === 0) throw seqrError("SEQR_DECISION_STALE");
  const id = period.transaction_period_id ?? "";
  const ids = REPORTS[period.terminal_id === null ? "shop" : "terminal"];
  const details = reports.find(({ report_id }) => report_id === ids.details);
  const summary = reports.find(({ report_id }) => report_id === ids.summary);
  const patch: PeriodPatch = {
    ...(summary && readSummary({ contentString: summary.content }, id)),
    // Whether the summary fits the new rows is judged anew.
    ...{
      state: "marked",
      due_at: clock.now(),
      reconciled_at: null,
      report_differs: false,
      failing_since: null,
    },
  };
  const accepted = await periods.acceptReport(
    decision,
    reports.map((report) => report.id),
    details && rowsOf(readDetails({ contentString: details.content }, id)),
    patch,
  );
  if (!accepted) throw seqrError("SEQR_DECISION_STALE");
}
