import type { AdminSeqrPeriod, AdminSeqrPeriodDetails, AdminSeqrReconciliationItem } from "../http-types";
import { seqrError } from "../errors/error-codes";
import type { BooksReader, ItemRecord, PeriodRecord, ReportRecord } from "../modules/seqr/public";

/** Writes a period as the admin API sends it. @param openItems how many of its items need a person */
export function periodView(period: PeriodRecord, openItems: number): AdminSeqrPeriod {
  const { id, state, reseller_id, terminal, terminal_id, transaction_period_id, closing_day } = period;
  const { actor_id, sales_count, sales_total, result, is_open, report_differs, summary_differs } = period;
  return {
    ...{ id, state, reseller_id, terminal, terminal_id, transaction_period_id, closing_day, actor_id },
    opened_at: time(period.opened_at),
    requested_at: period.requested_at.toISOString(),
    marked_at: time(period.marked_at),
    reported_at: time(period.reported_at),
    reconciled_at: time(period.reconciled_at),
    due_at: time(period.due_at),
    ...{ sales_count, sales_total, result, is_open, report_differs, summary_differs },
    open_items: openItems,
  };
}

/** Writes periods as the admin API lists them. */
export async function periodViews(
  books: BooksReader,
  periods: readonly PeriodRecord[],
): Promise<AdminSeqrPeriod[]> {
  const open = await books.countOpenItems(periods.map(({ id }) => id));
  return periods.map((period) => periodView(period, open.get(period.id) ?? 0));
}

/**
 * Reads a period with what it comes to and which reports there are.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_PERIOD
 */
export async function periodDetails(books: BooksReader, id: string): Promise<AdminSeqrPeriodDetails> {
  const period = await requiredPeriod(books, id);
  const [open, totals, reports] = await Promise.all([
    books.countOpenItems([id]),
    books.totalsOf(id),
    books.reportsOf(id),
  ]);
  return {
    ...periodView(period, open.get(id) ?? 0),
    totals,
    reports: reports.map(({ id, report_id, title, mime_type, is_current, fetched_at }) => ({
      ...{ id, report_id, title, mime_type, is_current },
      fetched_at: fetched_at.toISOString(),
    })),
  };
}

/**
 * Finds a period.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_PERIOD
 */
export async function requiredPeriod(books: BooksReader, id: string): Promise<PeriodRecord> {
  const period = await books.findPeriod(id);
  if (!period) throw seqrError("SEQR_NO_SUCH_PERIOD");
  return period;
}

/**
 * Finds a report of a period, with SEQR's document.
 *
 * @throws {MedusaError} SEQR_NO_SUCH_REPORT
 */
export async function requiredReport(
  books: BooksReader,
  periodId: string,
  id: string,
): Promise<ReportRecord> {
  const report = await books.findReport(id);
  if (report?.period_id !== periodId) throw seqrError("SEQR_NO_SUCH_REPORT");
  return report;
}

/** Writes an item as the admin API sends it. */
export function itemView(item: ItemRecord): AdminSeqrReconciliationItem {
  const { id, number, row_number, kind, class: itemClass, cause, terminal_id, cashier_id } = item;
  const { ers_reference, currency_code, reported_amount, expected_amount, medusa_amount } = item;
  const { invoice_id, refund_id, order_id, carried_from, carried_to, is_open } = item;
  const { accepted_by, accepted_reason } = item;
  return {
    ...{ id, number, row_number, kind, class: itemClass, cause, terminal_id, cashier_id },
    ...{ ers_reference, currency_code, reported_amount, expected_amount, medusa_amount },
    ...{ invoice_id, refund_id, order_id, occurred_at: time(item.occurred_at), carried_from, carried_to },
    ...{ is_open, accepted_by, accepted_at: time(item.accepted_at), accepted_reason },
  };
}

function time(moment: Date | null): string | null {
  return moment?.toISOString() ?? null;
}
