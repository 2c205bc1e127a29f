import { seqrError } from "../errors/error-codes";
import type { AdminSeqrAttentionItem } from "../http-types";
import { acceptReport } from "../books/accept-report";
import { retryPeriod } from "../books/retry-period";
import {
  booksOfEntry,
  entriesOfBooks,
  type BooksDecision,
  type BooksEntry,
  type NewPeriodDecision,
  type PeriodPatch,
} from "../modules/seqr/public";
import type { AttentionBooks } from "./attention-context";
import type { Decision } from "./decision";

/** The present entries of the books that these ids name. */
export async function booksEntriesOf(
  books: AttentionBooks | undefined,
  ids: readonly string[],
): Promise<BooksEntry[]> {
  const subjects = ids.flatMap((id) => {
    const about = booksOfEntry(id);
    return about ? { period_id: about.periodId, item_id: about.itemId ?? null } : [];
  });
  return books ? entriesOfBooks(books.attention, subjects) : [];
}

/** Whether the books have what an entry is about, whether or not it is still listed. */
export async function areBooksKnown(books: AttentionBooks | undefined, id: string): Promise<boolean> {
  const about = booksOfEntry(id);
  return about !== undefined && (await books?.periods.find(about.periodId)) !== undefined;
}

/**
 * Carries out a decision about the books, and writes it down: both or neither. What follows, such as fetching SEQR's reports again, is
 * done by the job within seconds.
 *
 * @throws {MedusaError} SEQR_DECISION_STALE, SEQR_DECISION, or why the reports cannot be fetched again
 */
export async function decideAboutBooks(
  books: AttentionBooks,
  entry: BooksEntry,
  decision: Decision,
): Promise<void> {
  const { kind, period, subject } = entry;
  const { action, actorId, reason, transactionPeriodId } = decision;
  if (action === "retry") {
    if (kind === "period_lost" && transactionPeriodId === undefined)
      throw seqrError("SEQR_DECISION", "SEQR's id of the lost period is missing.");
    await retryPeriod(books, period.id, { actorId, transactionPeriodId });
    return;
  }
  const made: NewPeriodDecision = {
    ...{ period_id: period.id, kind, subject, action, actor_id: actorId, reason },
    decided_at: books.clock.now(),
  };
  if (kind === "books_difference") {
    if (!(await books.attention.acceptItem(made))) throw seqrError("SEQR_DECISION_STALE");
    return;
  }
  if (kind === "report_differs" && action === "accept") return acceptReport(books, made);
  await close(books, entry, made);
}

/** Takes an entry about a period from the list. */
async function close(
  books: AttentionBooks,
  { kind, period }: BooksEntry,
  made: NewPeriodDecision,
): Promise<void> {
  const { state } = period;
  const [seen, patch]: [object, PeriodPatch] =
    kind === "report_differs"
      ? [{ state, report_differs: true }, { report_differs: false }]
      : kind === "summary_differs"
        ? [{ state, summary_differs: true }, { summary_differs: false }]
        : [{ state, is_open: true }, { is_open: false }];
  const closed = await books.periods.decide(made, seen, patch);
  if (!closed || closed === "taken") throw seqrError("SEQR_DECISION_STALE");
}

/**
 * An entry of the books as the admin API sends it.
 *
 * @param decisions about its period
 * @param names of members of staff, by Medusa's ids of them
 */
export function booksItem(
  entry: BooksEntry,
  decisions: readonly BooksDecision[],
  names: ReadonlyMap<string, string>,
): AdminSeqrAttentionItem {
  const { id, kind, needs, since, actions, period, item, subject } = entry;
  return {
    ...{ id, kind, needs, since: since.toISOString(), automatic_action: null, next_attempt_at: null },
    ...{ actions: [...actions], terminal: period.terminal, invoice_reference: null, cart_id: null },
    invoice_id: item?.invoice_id ?? null,
    ers_reference: item?.ers_reference ?? null,
    order_id: item?.order_id ?? null,
    ...{ state: null, reason: null, problem: period.result === "0" ? null : period.result },
    amount: item?.reported_amount ?? item?.expected_amount ?? null,
    currency_code: item?.currency_code ?? null,
    ...{ disputed_amount: null, refund: null },
    period: {
      ...{ id: period.id, state: period.state, transaction_period_id: period.transaction_period_id },
      opened_at: period.opened_at?.toISOString() ?? null,
      requested_at: period.requested_at.toISOString(),
    },
    difference: item
      ? {
          ...{ id: item.id, kind: item.kind, class: item.class, cause: item.cause },
          ...{ terminal_id: item.terminal_id, reported_amount: item.reported_amount },
          ...{ expected_amount: item.expected_amount, medusa_amount: item.medusa_amount },
        }
      : null,
    decisions: decisions
      .filter((one) => (item ? one.subject === subject : one.kind !== "books_difference"))
      .map(({ kind: about, subject: of, action, actor_id, reason, decided_at }) => ({
        ...{ kind: about, subject: of, action, actor_id, actor: names.get(actor_id) ?? null, reason },
        decided_at: decided_at.toISOString(),
      })),
  };
}
