import type { ItemRecord, PeriodRecord, ReportRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { BooksReader } from "../../../src/modules/seqr/books/books-reader";
import {
  BOOKED_WITHOUT_REPORT,
  isDecided,
  isWithoutReport,
} from "../../../src/modules/seqr/books/book-words";
import { periodTotals } from "../../../src/modules/seqr/books/period-totals";
import { sum } from "../../../src/seqr";
import { oldestFirst as byAge } from "../modules/memory-periods";

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
    const { state, reseller_id, terminal, from, to, fromDay, toDay } = filter;
    const found = this.periods
      .filter(
        (period) =>
          (!state || state.includes(period.state)) &&
          (reseller_id === undefined || period.reseller_id === reseller_id) &&
          (terminal === undefined || period.terminal === terminal) &&
          (!from ||
            (fromDay !== undefined && period.closing_day !== null
              ? period.closing_day >= fromDay
              : period.requested_at >= from)) &&
          (!to ||
            (toDay !== undefined && period.closing_day !== null
              ? period.closing_day <= toDay
              : period.requested_at < to)),
      )
      .sort(byAge);
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
    for (const item of this.#of(periodId).filter(({ carried_to }) => carried_to === null)) {
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

  async followerOf(period: PeriodRecord): Promise<PeriodRecord | undefined> {
    return this.#ofAccount(period).find(
      (one) =>
        byAge(one, period) > 0 &&
        (one.scope === period.scope || isOfOtherKind(one, period)) &&
        !(isWithoutReport(one) && !one.is_open),
    );
  }

  async undecidedBefore(period: PeriodRecord): Promise<PeriodRecord | undefined> {
    const isOfOwn = (one: PeriodRecord): boolean => isWithoutReport(period) && one.scope === period.scope;
    return this.periods
      .filter((one) => byAge(one, period) < 0 && !isDecided(one) && one.state !== "refused")
      .filter((one) => one.endpoint === period.endpoint && one.reseller_id === period.reseller_id)
      .sort(byAge)
      .find((one) => isOfOwn(one) || isOfOtherKind(one, period));
  }

  async countedBefore(period: PeriodRecord, items: readonly ItemRecord[]): Promise<Map<string, string>> {
    const earlier = this.#before(period).filter(isDecided);
    const booked = earlier.flatMap(({ id }) => this.#of(id).filter(isBooked));
    return new Map(
      items.flatMap((item) => {
        const found = booked.find((one) =>
          item.ers_reference === null
            ? item.refund_id !== null && one.refund_id === item.refund_id
            : one.ers_reference === item.ers_reference,
        );
        return found ? [[item.id, found.period_id]] : [];
      }),
    );
  }

  async itemsAfter(periodId: string, number: number, limit: number): Promise<ItemRecord[]> {
    return this.#of(periodId)
      .filter((item) => item.number > number)
      .slice(0, limit);
  }

  #before(period: PeriodRecord): PeriodRecord[] {
    return this.#ofAccount(period).filter((one) => byAge(one, period) < 0 && isOfOtherKind(one, period));
  }

  #ofAccount({ endpoint, reseller_id }: PeriodRecord): PeriodRecord[] {
    return this.periods
      .filter((one) => one.endpoint === endpoint && one.reseller_id === reseller_id)
      .filter(({ state }) => state !== "refused")
      .sort(byAge);
  }

  #of(periodId: string): ItemRecord[] {
    return this.items
      .filter(({ period_id }) => period_id === periodId)
      .sort((one, other) => one.number - other.number);
  }
}

function isOfOtherKind(one: PeriodRecord, other: PeriodRecord): boolean {
  return (one.terminal_id === null) !== (other.terminal_id === null);
}

function isBooked({ row_number, carried_to, cause }: ItemRecord): boolean {
  return (
    row_number !== null || (carried_to === null && cause !== null && BOOKED_WITHOUT_REPORT.includes(cause))
  );
}
