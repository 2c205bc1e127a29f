import { createHash } from "node:crypto";
import type { NewReportRow } from "../modules/seqr/public";
import {
  readReport,
  reportText,
  SeqrReportError,
  type ReconciliationReport,
  type Report,
  type TransactionDetails,
} from "../seqr";

/** What SEQR's summary of a period says. */
export interface SalesOfPeriod {
  sales_count: number;
  /** Decimal string. */
  sales_total: string;
}

/** The document of a report as text, as SEQR sent it, but for characters that PostgreSQL's texts cannot have. */
export function documentOf(report: Report): string {
  return reportText(report).replaceAll("\u0000", "");
}

/** Reads the rows of a detailed report. @throws {SeqrReportError} when it is another report, or one about another period */
export function readDetails(report: Report, transactionPeriodId: string): TransactionDetails {
  const read = readReport(report);
  if (read.kind !== "transaction-details") throw unexpected(read);
  return ofPeriod(read, transactionPeriodId);
}

/** Reads the summary of a shop or of one terminal. @throws {SeqrReportError} as {@link readDetails} */
export function readSummary(report: Report, transactionPeriodId: string): SalesOfPeriod {
  const read = ofPeriod(readReport(report), transactionPeriodId);
  const [sum, ...others] =
    read.kind === "shop-summary" ? [read] : read.kind === "terminal-summary" ? read.rows : [];
  if (read.kind === "transaction-details" || read.kind === "cashier-summary" || others.length > 0)
    throw unexpected(read);
  return { sales_count: sum?.salesCount ?? 0, sales_total: sum?.salesTotal ?? "0.00" };
}

/** The rows of a report as they are kept. */
export function* rowsOf({ rows }: TransactionDetails): Generator<NewReportRow> {
  for (const [index, row] of rows.entries())
    yield {
      row_number: index + 1,
      terminal_id: row.terminalId,
      cashier_id: row.cashierId ?? null,
      amount: row.salesAmount,
      ers_reference: row.ersReference,
    };
}

/** SHA-256 of what rows say, in their order: the same for a report that was made anew and says the same. */
export function digestOfRows(rows: Iterable<NewReportRow>): string {
  const hash = createHash("sha256");
  for (const { terminal_id, cashier_id, amount, ers_reference } of rows)
    hash.update(JSON.stringify([terminal_id, cashier_id, amount, ers_reference]));
  return hash.digest("hex");
}

/** SHA-256 of what a summary says, or of a document that cannot be read. */
export function digestOf(content: SalesOfPeriod | string): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** A report about another period is not used. Reports that name none are taken at their word. */
function ofPeriod<R extends ReconciliationReport>(report: R, transactionPeriodId: string): R {
  const named = report.meta.transactionPeriodId;
  if (named !== undefined && named !== transactionPeriodId)
    throw new SeqrReportError("it is about another transaction period");
  return report;
}

function unexpected({ kind }: ReconciliationReport): SeqrReportError {
  return new SeqrReportError(`it is another report than the one that was asked for: ${kind}`);
}
