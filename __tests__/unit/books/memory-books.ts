import type { ItemRecord, PeriodRecord, ReportRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { BooksReader } from "../../../src/modules/seqr/books/books-reader";
import { periodTotals } from "../../../src/modules/seqr/books/period-totals";
import { sum } from "../../../src/seqr";

/** The books without a database; the rows are open to tests. */
export class MemoryBooks implements BooksReader {
  constructor(
    readonly periods: PeriodRecord[] = [],
    readonly items: ItemRecord[] = [],
    readonly reports: ReportRecord[] = [],
  ) {}

  async findPeriod(id: string): ReturnType<BooksReader["findPeriod"]> {
    return this.periods.find((period) => period.id === id);
  }

  async listPeriods(
    ...[filter, { limit, offset, oldestFirst = false }]: Parameters<BooksReader["listPeriods"]>
  ): ReturnType<BooksReader["listPeriods"]> {
    const { state, reseller_id, terminal, from, to } = filter;
    const found = this.periods
      .filter(
        (period) =>
          (!state || state.includes(period.state)) &&
          (reseller_id === undefined || period.reseller_id === reseller_id) &&
          (terminal === undefined || period.terminal === terminal) &&
          (!from || period.requested_at >= from) &&
          (!to || period.requested_at < to),
      )
      .sort(
        (one, other) =>
          one.requested_at.getTime() - other.requested_at.getTime() || (one.id < other.id ? -1 : 1),
      );
    if (!oldestFirst) found.reverse();
    return { records: found.slice(offset, offset + limit), count: found.length };
  }

  async countOpenItems(periodIds: readonly string[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const { period_id, is_open } of this.items) {
      if (is_open && periodIds.includes(period_id)) counts.set(period_id, (counts.get(period_id) ?? 0) + 1);
    }
    return counts;
  }

  async totalsOf(periodId: string): ReturnType<BooksReader["totalsOf"]> {
    const groups = new Map<string, ItemRecord[]>();
    for (const item of this.#of(periodId)) {
      const key = JSON.stringify([item.currency_code, item.class]);
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    return periodTotals(
      [...groups.values()].flatMap((items) => {
        const [first] = items;
        const amounts = (name: "reported_amount" | "expected_amount"): string =>
          sum(items.flatMap((item) => item[name] ?? []));
        const open = items.filter(({ is_open }) => is_open).length;
        return first
          ? [
              {
                ...{ currency_code: first.currency_code, class: first.class, count: items.length, open },
                ...{ reported: amounts("reported_amount"), expected: amounts("expected_amount") },
              },
            ]
          : [];
      }),
    );
  }

  async reportsOf(periodId: string): ReturnType<BooksReader["reportsOf"]> {
    return this.reports
      .filter(({ period_id }) => period_id === periodId)
      .sort((one, other) => one.fetched_at.getTime() - other.fetched_at.getTime())
      .map((report) => {
        const { id, period_id, report_id, title, mime_type, digest, is_current, fetched_at } = report;
        return { id, period_id, report_id, title, mime_type, digest, is_current, fetched_at };
      });
  }

  async findReport(id: string): ReturnType<BooksReader["findReport"]> {
    return this.reports.find((report) => report.id === id);
  }

  async listItems(
    ...[id, filter, page]: Parameters<BooksReader["listItems"]>
  ): ReturnType<BooksReader["listItems"]> {
    const found = this.#of(id).filter(
      (item) =>
        (!filter.class || filter.class.includes(item.class)) &&
        (!filter.cause || (item.cause !== null && filter.cause.includes(item.cause))) &&
        (filter.is_open === undefined || item.is_open === filter.is_open),
    );
    return { records: found.slice(page.offset, page.offset + page.limit), count: found.length };
  }

  async itemsAfter(periodId: string, number: number, limit: number): Promise<ItemRecord[]> {
    return this.#of(periodId)
      .filter((item) => item.number > number)
      .slice(0, limit);
  }

  #of(periodId: string): ItemRecord[] {
    return this.items
      .filter(({ period_id }) => period_id === periodId)
      .sort((one, other) => one.number - other.number);
  }
}
