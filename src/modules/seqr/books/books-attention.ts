import type { AttentionRow, DecisionRecord } from "../ledger/ledger";
import { entriesOfPeriod, entryOfItem, type BooksEntry } from "../attention/books-entries";
import type { ItemRecord, PeriodRecord } from "./books-ledger";
import type { NewPeriodDecision } from "./period-store";

/** A decision about the books. */
export type BooksDecision = Omit<DecisionRecord, "invoice_id"> & { period_id: string };

/** Reads what the attention list says of the books, and records that staff accept a difference. */
export interface BooksAttention {
  periodsOf(ids: readonly string[]): Promise<PeriodRecord[]>;
  itemsOf(ids: readonly string[]): Promise<ItemRecord[]>;
  /** The decisions about these periods and their items, oldest first. */
  decisionsOf(periodIds: readonly string[]): Promise<BooksDecision[]>;
  /**
   * Accepts a difference, and records the decision: both or neither.
   *
   * @param decision its subject is the item
   * @returns undefined when no person has to decide about the item any more
   */
  acceptItem(decision: NewPeriodDecision): Promise<ItemRecord | undefined>;
}

/** What an entry of the books is about. */
export type BooksSubject = Pick<AttentionRow, "item_id"> & { period_id: string };

/** Reads the entries of these periods and items, with as many statements for one as for all. */
export async function entriesOfBooks(
  books: BooksAttention,
  subjects: readonly BooksSubject[],
): Promise<BooksEntry[]> {
  if (subjects.length === 0) return [];
  const periods = await books.periodsOf([...new Set(subjects.map(({ period_id }) => period_id))]);
  const items = await books.itemsOf([...new Set(subjects.flatMap(({ item_id }) => item_id ?? []))]);
  const byId = new Map(periods.map((period) => [period.id, period]));
  return [
    ...periods.flatMap(entriesOfPeriod),
    ...items.flatMap((item) => {
      const period = byId.get(item.period_id);
      return (period && entryOfItem(item, period)) ?? [];
    }),
  ];
}
