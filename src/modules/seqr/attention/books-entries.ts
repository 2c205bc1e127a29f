import type { ItemRecord, PeriodRecord } from "../books/books-ledger";
import { ATTENTION, isBooksKind } from "./attention-entries";
import { NEED_OF, type AttentionAction, type BooksKind, type Need } from "./attention-kinds";

/** An entry of the attention list about the books: a transaction period, or a difference that its reconciliation has found. */
export interface BooksEntry {
  /** Names the entry as it is now. When what it is about has changed, the id is another one. */
  id: string;
  kind: BooksKind;
  /** Which of its kind; the end of the id. */
  subject: string;
  needs: Need;
  since: Date;
  actions: readonly AttentionAction[];
  period: PeriodRecord;
  /** The difference that it is about, if it is about one. */
  item: ItemRecord | undefined;
}

/** The entries about a period as a whole. One whose report does not fit the id that was entered is still lost. */
export function entriesOfPeriod(period: PeriodRecord): BooksEntry[] {
  const { state, is_open, report_differs, summary_differs, requested_at } = period;
  const reported = period.reported_at ?? period.failing_since ?? requested_at;
  return [
    ...(is_open && state !== "unreported" ? [entry("period_lost", period, requested_at)] : []),
    ...(is_open && state === "unreported" ? [entry("period_unreported", period, reported)] : []),
    ...(report_differs ? [entry("report_differs", period, reported)] : []),
    ...(summary_differs ? [entry("summary_differs", period, reported)] : []),
  ];
}

/** The entry of a difference; undefined when no person has to decide about it. */
export function entryOfItem(item: ItemRecord, period: PeriodRecord): BooksEntry | undefined {
  return item.is_open ? entry("books_difference", period, item) : undefined;
}

/** What an entry of the books is about, from its id; undefined when no such entry has the id. */
export function booksOfEntry(id: string): { periodId: string; itemId: string | undefined } | undefined {
  const [periodId, kind, subject] = id.split(".");
  if (!periodId || !kind || !subject || !isBooksKind(kind)) return undefined;
  return { periodId, itemId: kind === "books_difference" ? subject : undefined };
}

function entry(kind: BooksKind, period: PeriodRecord, about: Date | ItemRecord): BooksEntry {
  const item = about instanceof Date ? undefined : about;
  const subject = about instanceof Date ? String(about.getTime()) : about.id;
  return {
    id: `${period.id}.${kind}.${subject}`,
    ...{ kind, subject, period, item, since: period.requested_at },
    needs: NEED_OF[kind],
    actions: ATTENTION[kind].actions,
  };
}
