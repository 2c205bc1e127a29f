import type { Cause, ItemClass, PeriodState } from "./book-words";
import type { ItemRecord, PeriodRecord, ReportRecord } from "./books-ledger";
import type { PeriodTotals } from "./reconciliation-store";

/** A part of a list, and how many there are in all. */
export interface Listed<Record> {
  records: Record[];
  count: number;
}

/** Which periods; newest first. */
export interface PeriodFilter {
  state?: readonly PeriodState[];
  reseller_id?: string;
  /** Name of the terminal; null for periods of a shop. */
  terminal?: string | null;
  /** Closed from this moment on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** The same as days, where days were given: a period that the schedule closed is of the day for which it did, however late. */
  fromDay?: string | undefined;
  toDay?: string | undefined;
}

/** Which items of a period; in the order of their numbers. */
export interface ItemFilter {
  class?: readonly ItemClass[];
  cause?: readonly Cause[];
  /** Only those that need a person. */
  is_open?: boolean;
}

/** Which part of a list. */
export interface PageOf {
  limit: number;
  offset: number;
}

/** Reads the books for lists and exports. */
export interface BooksReader {
  findPeriod(id: string): Promise<PeriodRecord | undefined>;
  /** @param page.oldestFirst turns the order round, so that periods which are closed meanwhile move nothing */
  listPeriods(filter: PeriodFilter, page: PageOf & { oldestFirst?: boolean }): Promise<Listed<PeriodRecord>>;
  /** How many items need a person, by the period's id. Periods without any are left out. */
  countOpenItems(periodIds: readonly string[]): Promise<Map<string, number>>;
  /** What a period comes to without what another period has instead, by currency. */
  totalsOf(periodId: string): Promise<PeriodTotals[]>;
  /** The reports about a period in the order in which they were fetched, without their documents. */
  reportsOf(periodId: string): Promise<Omit<ReportRecord, "content">[]>;
  findReport(id: string): Promise<ReportRecord | undefined>;
  listItems(periodId: string, filter: ItemFilter, page: PageOf): Promise<Listed<ItemRecord>>;
  /**
   * The first period after this one that may have what is in it, and about which anything is still to be learned: of its scope, or of
   * the account's other kind of scope.
   */
  followerOf(period: PeriodRecord): Promise<PeriodRecord | undefined>;
  /**
   * The first period before this one that may have what this one has, and of which it is not known what it comes to: of the account's
   * other kind of scope; and of its own, where this one has no report.
   */
  undecidedBefore(period: PeriodRecord): Promise<PeriodRecord | undefined>;
  /**
   * Which of a period's items the books have in an earlier period of the account's other kind of scope: the ids of those periods by the
   * items' ids. The period of the shop and those of its terminals have the same payments.
   */
  countedBefore(period: PeriodRecord, items: readonly ItemRecord[]): Promise<Map<string, string>>;
  /** The next items of a period after a number, for exports that read them all. */
  itemsAfter(periodId: string, number: number, limit: number): Promise<ItemRecord[]>;
}
