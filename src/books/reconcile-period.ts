import { after, type Clock } from "../clock";
import { isWithoutReport } from "../modules/seqr/books/book-words";
import type { PeriodRecord, ReportRowRecord } from "../modules/seqr/books/books-ledger";
import type {
  Candidate,
  ClosedPeriod,
  LedgerTransaction,
  NewItem,
  PeriodBooks,
  ReconciliationStore,
  RowTotals,
  Span,
} from "../modules/seqr/books/reconciliation-store";
import type { RecordedAmounts } from "../medusa/recorded-amounts";
import type { OperationContext, Terminal } from "../modules/seqr/public";
import { compare } from "../seqr";
import {
  CARRIED_WITHIN,
  findingOfRow,
  findingWithoutRow,
  type BooksTerminal,
  type Finding,
} from "./classify";
import { itemOfRow, itemWithoutRow, type ItemPlace } from "./period-items";

/** What the reconciliation of a period works with. */
export interface ReconciliationContext {
  seqr: Pick<OperationContext, "terminals"> & { clock: Pick<Clock, "now"> };
  books: ReconciliationStore;
  /** What Medusa has recorded, by the ids of payment sessions: of some thousand at most. */
  recordedAmounts(sessionIds: readonly string[]): Promise<ReadonlyMap<string, RecordedAmounts>>;
}

/** What came of a reconciliation. */
export interface Reconciliation {
  /** How many items the period has. */
  items: number;
  /** Whether SEQR's summary differs from the rows of its report. */
  summaryDiffers: boolean;
  /** Whether its report has payments or refunds that the ledger learned of at another time than the period's. */
  isOutOfTime: boolean;
  /** The next period, if it has no report: it has to be reconciled again, because it may have what this one awaits. */
  unreportedAfter?: string;
}

/** One reconciliation while it runs. Its memory does not grow with the report. */
interface Run extends ReconciliationContext {
  period: PeriodRecord;
  /** Whether it has no report: what was paid in it is listed from the ledger. */
  isWithoutReport: boolean;
  in: PeriodBooks;
  /** Of the account. */
  terminals: readonly BooksTerminal[];
  /** Of the scope: all of the account, or the one whose period it is. */
  ofScope: readonly Terminal[];
  /** The periods of the scope before this one, and after it; oldest first. */
  earlier: readonly ClosedPeriod[];
  later: readonly ClosedPeriod[];
  /** Items so far. */
  count: number;
  /** The earliest transaction of the ledger that the report has. */
  earliest: Date | undefined;
  isOutOfTime: boolean;
  /** Candidates that a row may be: each is proposed once. */
  proposed: Set<string>;
}

/**
 * Reconciles a period: compares the rows of its report with the ledger and with Medusa, and writes what it says of each row and of each
 * transaction that the report does not have. All items of the period are written anew, in one transaction; acceptances of items that
 * say the same are kept. A lost or unreported period has no rows: its items show what was paid in it.
 *
 * @param period with its rows, or without a report. When it is another one by now, nothing is written
 */
export function reconcilePeriod(
  context: ReconciliationContext,
  period: PeriodRecord,
): Promise<Reconciliation> {
  return context.books.reconciling(period, async (books) => {
    const closed = await books.closedPeriods();
    const own = closed.find(({ id }) => id === period.id);
    // Meanwhile staff have entered its id, or its report is being fetched again: whoever has it then reconciles it.
    if (!own || isWithoutReport(own) !== isWithoutReport(period) || !isKnown(own))
      return { items: 0, summaryDiffers: false, isOutOfTime: false };
    const run = begin(context, period, books, closed);
    await books.deleteItems();
    if (!run.isWithoutReport) await reconcileRows(run);
    await listAwaited(run);
    await listWithoutRow(run);
    const summaryDiffers = !run.isWithoutReport && differs(run, await books.rowTotals());
    const [next] = run.later;
    return {
      ...{ items: run.count, summaryDiffers, isOutOfTime: run.isOutOfTime },
      ...(next && isWithoutReport(next) && { unreportedAfter: next.id }),
    };
  });
}

function begin(
  context: ReconciliationContext,
  period: PeriodRecord,
  books: PeriodBooks,
  closed: readonly ClosedPeriod[],
): Run {
  const ofAccount = context.seqr.terminals.all.filter(
    ({ endpoint, options }) =>
      endpoint.address === period.endpoint && options.reseller?.id === period.reseller_id,
  );
  const place = closed.findIndex(({ id }) => id === period.id);
  return {
    ...context,
    isWithoutReport: isWithoutReport(period),
    ...{ period, in: books, count: 0, earliest: undefined, isOutOfTime: false, proposed: new Set() },
    terminals: ofAccount.map(({ name, options }) => ({
      ...{ name, terminal_id: options.terminalId, currencies: options.currencies },
    })),
    ofScope: ofAccount.filter(({ name }) => period.terminal === null || period.terminal === name),
    earlier: closed.slice(0, place),
    later: closed.slice(place + 1),
  };
}

async function reconcileRows(run: Run): Promise<void> {
  const repeated = await run.in.repeatedReferences();
  for await (const rows of run.in.rows()) {
    const references = rows.map(({ ers_reference }) => ers_reference);
    const transactions = await transactionsByReference(run, rows);
    const counted = await countedBefore(run, references);
    const candidates = await candidatesOf(run, rows, transactions);
    const recorded = await recordedOf(run, [...transactions.values()]);
    const items = rows.map((row) => {
      const transaction = transactions.get(row.ers_reference);
      const first = repeated.get(row.ers_reference);
      const isRepeated = first !== undefined && first !== row.row_number;
      const isCounted = counted.has(row.ers_reference);
      const given = {
        ...{ row, transaction, terminals: run.terminals },
        recorded: recorded.get(transaction?.session_id ?? ""),
        candidate: transaction || isRepeated || isCounted ? undefined : candidates.take(row),
      };
      const finding = findingOfRow({ ...given, isRepeated, isCounted, now: run.seqr.clock.now() });
      return itemOfRow(placeOf(run, finding, transaction), { ...given, finding });
    });
    await write(run, items);
    await run.in.carryHere(references.filter((reference) => transactions.has(reference)));
  }
}

/** The transactions of the account under the references of rows; where there are several, the one of the row's terminal. */
async function transactionsByReference(
  run: Run,
  rows: readonly ReportRowRecord[],
): Promise<Map<string, LedgerTransaction>> {
  const terminalOf = new Map(rows.map(({ ers_reference, terminal_id }) => [ers_reference, terminal_id]));
  const found = new Map<string, LedgerTransaction>();
  const add = (transactions: readonly LedgerTransaction[]): void => {
    for (const transaction of transactions) {
      const reference = transaction.ers_reference ?? "";
      const isAtTerminal = terminalOf.get(reference) === transaction.terminal_id;
      if (isOfAccount(run, transaction, isAtTerminal) && (isAtTerminal || !found.has(reference)))
        found.set(reference, transaction);
    }
  };
  add(await run.in.transactionsOf([...terminalOf.keys()]));
  const unknown = [...terminalOf.keys()].filter((reference) => !found.has(reference));
  if (unknown.length > 0) add(await run.in.disputedTransactions(unknown));
  return found;
}

/** Whether a transaction is of the account. A terminal that the options name no longer is taken at its word. */
function isOfAccount(
  { seqr, terminals }: Run,
  transaction: LedgerTransaction,
  isAtTerminal: boolean,
): boolean {
  const terminal = seqr.terminals.find(transaction);
  return terminal ? terminals.some(({ name }) => name === terminal.name) : isAtTerminal;
}

/** Which of these references the report of an earlier period of the scope has. */
async function countedBefore(run: Run, references: readonly string[]): Promise<Set<string>> {
  const earlier = new Set(run.earlier.map(({ id }) => id));
  const items = await run.in.itemsElsewhere(references);
  return new Set(
    items
      .filter(({ row_number, period_id }) => row_number !== null && earlier.has(period_id))
      .map(({ ers_reference }) => ers_reference),
  );
}

/** What rows may be whose references the ledger does not have. */
async function candidatesOf(
  run: Run,
  rows: readonly ReportRowRecord[],
  known: ReadonlyMap<string, LedgerTransaction>,
): Promise<{ take(row: ReportRowRecord): Candidate | undefined }> {
  const unknown = rows.filter(({ ers_reference }) => !known.has(ers_reference));
  const isRefund = ({ amount }: ReportRowRecord): boolean => compare(amount, "0") < 0;
  const [refunds, payments] = [unknown.filter(isRefund), unknown.filter((row) => !isRefund(row))];
  const { opened_at, requested_at } = run.period;
  // SEQR closes the period a moment after it was asked to.
  const learned = { after: opened_at, until: after(requested_at, CARRIED_WITHIN) };
  const candidates = [
    ...(refunds.length > 0 ? await run.in.refundsWithoutReference(refunds, learned.until) : []),
    ...(payments.length > 0 ? await run.in.reversedPayments(payments, learned) : []),
  ];
  return {
    take({ terminal_id, amount }) {
      const fitting = candidates.find(
        (one) =>
          one.terminal_id === terminal_id && compare(one.amount, amount) === 0 && !run.proposed.has(one.id),
      );
      if (fitting) run.proposed.add(fitting.id);
      return fitting;
    },
  };
}

/** Lists what the period before this one awaited in this report, and what the report does not have. */
async function listAwaited(run: Run): Promise<void> {
  const previous = run.earlier.at(-1);
  // While a report is being fetched, nothing is known that it may have. Without one, the period lists itself what it may have.
  if (!previous || !isKnown(previous)) return;
  const references = await run.in.awaitedReferences(previous.id);
  if (references.length === 0) return;
  const transactions = (await run.in.transactionsOf(references)).filter(
    (transaction) => transaction.standing === "charged" && isOfScope(run, transaction),
  );
  await listMissing(run, transactions, { carriedFrom: previous.id, isLastChance: true });
  await run.in.carryHere(references);
}

/** Whether a period's items show what is in it: by its report, or by the ledger where there is none. */
function isKnown(period: ClosedPeriod): boolean {
  return isWithoutReport(period) || hasReport(period);
}

/**
 * Whether a period's report is there. Another server may be comparing it, in a transaction before this one: its state says so only after
 * that.
 */
function hasReport({ state, reported_at }: ClosedPeriod): boolean {
  return state === "reconciled" || reported_at !== null;
}

function isOfScope({ seqr, ofScope }: Run, transaction: LedgerTransaction): boolean {
  const terminal = seqr.terminals.find(transaction);
  return terminal !== undefined && ofScope.includes(terminal);
}

/** Lists what the ledger has in the period, and no report up to this one. */
async function listWithoutRow(run: Run): Promise<void> {
  const span = spanOf(run);
  const keys = run.seqr.terminals.keysOf(run.ofScope);
  const later = run.later.map(({ id }) => id);
  // The next period has what its report does not have, whether its report is there or not: only when it is, nothing is awaited.
  const [next] = run.later;
  const isLastChance = next !== undefined && !isWithoutReport(next) && hasReport(next);
  for await (const transactions of run.in.transactionsWithoutRow(keys, span, later))
    await listMissing(run, transactions, { carriedFrom: null, isLastChance });
}

/** The time in which a transaction belongs to the period by our clock. */
function spanOf({ period, earliest, ...run }: Run): Span {
  const { opened_at, requested_at } = period;
  if (opened_at !== null) return { after: opened_at, until: requested_at };
  // The first period of the scope has no beginning. Without a report all that the ledger has may be in it.
  if (run.isWithoutReport) return { after: null, until: requested_at };
  // What was paid before its first row belongs to closings that the plugin does not know.
  const late = after(requested_at, -CARRIED_WITHIN);
  const from = earliest && earliest < late ? earliest : late;
  return { after: after(from, -1), until: requested_at };
}

async function listMissing(
  run: Run,
  transactions: readonly LedgerTransaction[],
  { carriedFrom, isLastChance }: { carriedFrom: string | null; isLastChance: boolean },
): Promise<void> {
  const references = transactions.flatMap(({ ers_reference }) => ers_reference ?? []);
  const carriedTo = await firstLaterPeriods(run, references);
  const recorded = await recordedOf(run, transactions);
  const nameless = transactions.flatMap((one) => (one.ers_reference === null ? (one.refund_id ?? []) : []));
  const proposed = nameless.length > 0 ? await run.in.proposedRefunds(nameless) : new Set<string>();
  const areRefundsReported = await run.in.hasReportedRefunds();
  const items = transactions.map((transaction) => {
    const elsewhere = carriedTo.get(transaction.ers_reference ?? "") ?? null;
    const finding = findingWithoutRow({
      ...{ transaction, requestedAt: run.period.requested_at, isWithoutReport: run.isWithoutReport },
      ...{ isElsewhere: elsewhere !== null, isLastChance, areRefundsReported },
      isProposed: proposed.has(transaction.refund_id ?? ""),
    });
    const place = { ...nextPlace(run, carriedFrom), carriedTo: elsewhere };
    return itemWithoutRow(place, transaction, finding, recorded.get(transaction.session_id));
  });
  await write(run, items);
}

/** The first later period that has each of these references, in its report or as missing. */
async function firstLaterPeriods(run: Run, references: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (references.length === 0 || run.later.length === 0) return found;
  const items = await run.in.itemsElsewhere(references);
  for (const { id } of run.later)
    for (const { period_id, ers_reference } of items)
      if (period_id === id && !found.has(ers_reference)) found.set(ers_reference, id);
  return found;
}

async function recordedOf(
  run: Run,
  transactions: readonly LedgerTransaction[],
): Promise<ReadonlyMap<string, RecordedAmounts>> {
  const sessions = new Set(transactions.map(({ session_id }) => session_id));
  return sessions.size > 0 ? run.recordedAmounts([...sessions]) : new Map();
}

/** The place of the next item about a row. */
function placeOf(
  run: Run,
  { class: itemClass }: Finding,
  transaction: LedgerTransaction | undefined,
): ItemPlace {
  if (itemClass === "only_at_seqr" || !transaction) return nextPlace(run, null);
  const { occurred_at } = transaction;
  if (!run.earliest || occurred_at < run.earliest) run.earliest = occurred_at;
  const before = run.earlier.find(({ requested_at }) => occurred_at <= requested_at);
  if (isOutside(run, occurred_at, before)) run.isOutOfTime = true;
  return nextPlace(run, before?.id ?? null);
}

/**
 * Whether a transaction is of another time than the period's, by some minutes at least.
 *
 * @param before the earlier period to which our clock assigns it. Where that has no report, SEQR may not have closed it
 */
function isOutside({ period }: Run, occurredAt: Date, before: ClosedPeriod | undefined): boolean {
  if (occurredAt > after(period.requested_at, CARRIED_WITHIN)) return true;
  return (
    before !== undefined &&
    !isWithoutReport(before) &&
    occurredAt <= after(before.requested_at, -CARRIED_WITHIN)
  );
}

function nextPlace(run: Run, carriedFrom: string | null): ItemPlace {
  run.count += 1;
  return { period: run.period, number: run.count, carriedFrom };
}

async function write(run: Run, items: readonly NewItem[]): Promise<void> {
  if (items.length > 0) await run.in.insertItems(items);
}

/** Whether SEQR's summary differs from the rows. It may count refunds or not; a total of several currencies means nothing. */
function differs({ period, ofScope }: Run, { count, total, positive }: RowTotals): boolean {
  const { sales_count, sales_total } = period;
  if (sales_count === null || sales_total === null) return false;
  const currencies = new Set(ofScope.flatMap(({ options }) => options.currencies));
  return ![{ count, total }, positive].some(
    (rows) => rows.count === sales_count && (currencies.size > 1 || compare(rows.total, sales_total) === 0),
  );
}
