import { CHARGED_STATES } from "../../../src/modules/seqr/invoice/states";
import type { ItemRecord, PeriodRecord, ReportRowRecord } from "../../../src/modules/seqr/books/books-ledger";
import {
  disputedPaymentOf,
  paymentCandidateOf,
  paymentOf,
  refundCandidateOf,
  refundOf,
} from "../../../src/modules/seqr/books/ledger-transactions";
import { periodTotals } from "../../../src/modules/seqr/books/period-totals";
import type {
  Candidate,
  CandidateKey,
  ClosedPeriod,
  ItemElsewhere,
  LedgerTransaction,
  NewItem,
  PeriodBooks,
  PeriodTotals,
  ReconciliationStore,
  RowTotals,
  Span,
} from "../../../src/modules/seqr/books/reconciliation-store";
import type { InvoiceRecord, RefundRecord, TerminalKey } from "../../../src/modules/seqr/ledger/ledger";
import { sum, toHundredths } from "../../../src/seqr";
import { oldestFirst } from "./memory-periods";

/** The tables of the books, which several stores in memory share. */
export interface BooksTables {
  periods: PeriodRecord[];
  rows: ReportRowRecord[];
  items: ItemRecord[];
}

/** What of the ledger the books read. */
interface LedgerRows {
  invoices: InvoiceRecord[];
  refunds: RefundRecord[];
}

type OfPeriod = Parameters<ReconciliationStore["reconciling"]>[0];

/** Few, so that tests have several batches. */
const BATCH = 7;

/** Reconciliations without a database. */
export class MemoryReconciliation implements ReconciliationStore {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ledger: LedgerRows,
    readonly tables: BooksTables = { periods: [], rows: [], items: [] },
  ) {}

  reconciling<T>(period: OfPeriod, work: (books: PeriodBooks) => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      const before = this.tables.items.map((item) => ({ ...item }));
      try {
        return await work(new MemoryPeriodBooks(this.ledger, this.tables, period));
      } catch (error) {
        replace(this.tables.items, before);
        throw error;
      }
    };
    const done = this.#last.then(run);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async totalsOf(periodId: string): Promise<PeriodTotals[]> {
    const groups = new Map<string, ItemRecord[]>();
    for (const item of this.tables.items) {
      if (item.period_id !== periodId || item.carried_to !== null) continue;
      const key = JSON.stringify([item.currency_code, item.class]);
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    return periodTotals(
      [...groups.values()].flatMap((items) => {
        const [first] = items;
        return first
          ? {
              ...{ currency_code: first.currency_code, class: first.class, count: items.length },
              open: items.filter(({ is_open }) => is_open).length,
              reported: sum(items.map(({ reported_amount }) => reported_amount ?? "0")),
              expected: sum(items.map(({ expected_amount }) => expected_amount ?? "0")),
            }
          : [];
      }),
    );
  }
}

class MemoryPeriodBooks implements PeriodBooks {
  readonly #accepted = new Map<string, ItemRecord>();
  readonly #invoices: Map<string, InvoiceRecord>;
  readonly #payments: Map<string | null, InvoiceRecord[]>;
  readonly #refunds: Map<string | null, RefundRecord[]>;

  constructor(
    private readonly ledger: LedgerRows,
    private readonly tables: BooksTables,
    private readonly period: OfPeriod,
  ) {
    this.#invoices = new Map(ledger.invoices.map((row) => [row.id, row]));
    this.#payments = groupBy(ledger.invoices, ({ ers_reference }) => ers_reference);
    this.#refunds = groupBy(ledger.refunds, ({ refund_reference }) => refund_reference);
  }

  async closedPeriods(): Promise<ClosedPeriod[]> {
    return this.tables.periods
      .filter(({ scope }) => scope === this.period.scope)
      .flatMap(({ id, state, requested_at, reported_at }) =>
        state === "marking" || state === "refused" ? [] : { id, state, requested_at, reported_at },
      )
      .sort(oldestFirst);
  }

  async *rows(): AsyncGenerator<ReportRowRecord[]> {
    const rows = this.#ownRows();
    for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH);
  }

  async repeatedReferences(): Promise<Map<string, number>> {
    const groups = groupBy(this.#ownRows(), ({ ers_reference }) => ers_reference);
    return new Map(
      [...groups].flatMap(([reference, rows]) =>
        rows.length > 1 ? [[reference, Math.min(...rows.map(({ row_number }) => row_number))]] : [],
      ),
    );
  }

  async rowTotals(): Promise<RowTotals> {
    const rows = this.#ownRows();
    const positive = rows.filter(({ amount }) => toHundredths(amount) > 0n);
    const totals = (of: readonly ReportRowRecord[]) => ({
      count: of.length,
      total: sum(of.map(({ amount }) => amount)),
    });
    return { ...totals(rows), positive: totals(positive) };
  }

  async transactionsOf(references: readonly string[]): Promise<LedgerTransaction[]> {
    return [
      ...references.flatMap((one) => (this.#payments.get(one) ?? []).map(paymentOf)),
      ...references.flatMap((one) =>
        (this.#refunds.get(one) ?? [])
          .filter(({ state }) => state === "done")
          .flatMap((row) => this.#made(row)),
      ),
    ];
  }

  async disputedTransactions(references: readonly string[]): Promise<LedgerTransaction[]> {
    return this.ledger.invoices
      .filter(({ disputed_reference: one }) => one !== null && references.includes(one))
      .map(disputedPaymentOf);
  }

  async refundsWithoutReference(keys: readonly CandidateKey[], until: Date): Promise<Candidate[]> {
    return this.ledger.refunds
      .filter(({ refund_reference, state }) => refund_reference === null && state !== "refused")
      .filter(({ requested_at }) => requested_at <= until)
      .sort((a, b) => Number(a.requested_at) - Number(b.requested_at))
      .flatMap((row) => {
        const invoice = this.#invoices.get(row.invoice_id);
        return invoice ? refundCandidateOf(row, invoice) : [];
      })
      .filter((one) => isKeyOf(one, keys));
  }

  async reversedPayments(keys: readonly CandidateKey[], span: Span): Promise<Candidate[]> {
    return this.ledger.invoices
      .filter(({ state, reason }) => state === "canceled" && reason === "reversed")
      .filter(({ state_since }) => isWithin(state_since, span))
      .sort((a, b) => Number(a.state_since) - Number(b.state_since))
      .map(paymentCandidateOf)
      .filter((one) => isKeyOf(one, keys));
  }

  async *transactionsWithoutRow(
    terminals: readonly TerminalKey[],
    span: Span,
    exceptPeriods: readonly string[],
  ): AsyncGenerator<LedgerTransaction[]> {
    const reported = new Set(
      this.#ofScope()
        .filter(({ row_number, period_id }) => row_number !== null && !exceptPeriods.includes(period_id))
        .map(({ ers_reference }) => ers_reference),
    );
    const found = [
      ...this.ledger.invoices
        .filter((row) => CHARGED_STATES.includes(row.state) && row.ers_reference !== null)
        .filter(({ paid_at }) => paid_at !== null)
        .map(paymentOf),
      ...this.ledger.refunds
        .filter(({ state, finished_at }) => state === "done" && finished_at !== null)
        .flatMap((row) => this.#made(row)),
    ]
      .filter(({ occurred_at }) => isWithin(occurred_at, span))
      .filter((one) =>
        terminals.some((key) => key.terminal === one.terminal && key.terminal_id === one.terminal_id),
      )
      .filter(({ ers_reference }) => ers_reference === null || !reported.has(ers_reference))
      .sort((a, b) => Number(a.occurred_at) - Number(b.occurred_at) || (orderOf(a) < orderOf(b) ? -1 : 1));
    for (let from = 0; from < found.length; from += BATCH) yield found.slice(from, from + BATCH);
  }

  async itemsElsewhere(references: readonly string[]): Promise<ItemElsewhere[]> {
    const wanted = new Set(references);
    return this.#elsewhere().flatMap(({ period_id, row_number, ers_reference }) =>
      ers_reference !== null && wanted.has(ers_reference) ? { period_id, row_number, ers_reference } : [],
    );
  }

  async awaitedReferences(periodId: string): Promise<string[]> {
    return this.tables.items
      .filter(({ period_id, cause }) => period_id === periodId && cause === "next_period")
      .filter(({ carried_to }) => carried_to === null)
      .sort((a, b) => a.number - b.number)
      .flatMap(({ ers_reference }) => ers_reference ?? []);
  }

  async proposedRefunds(refundIds: readonly string[]): Promise<Set<string>> {
    return new Set(
      this.tables.items.flatMap(({ cause, refund_id: id }) =>
        cause === "perhaps_unknown_refund" && id !== null && refundIds.includes(id) ? id : [],
      ),
    );
  }

  async hasReportedRefunds(): Promise<boolean> {
    const { endpoint, reseller_id } = this.period;
    const ofAccount = this.tables.periods.filter(
      (one) => one.endpoint === endpoint && one.reseller_id === reseller_id,
    );
    const ids = new Set(ofAccount.map(({ id }) => id));
    return this.tables.items.some(
      ({ kind, row_number, period_id }) => kind === "refund" && row_number !== null && ids.has(period_id),
    );
  }

  async deleteItems(): Promise<void> {
    const { id } = this.period;
    const { items } = this.tables;
    for (const item of items)
      if (item.period_id === id && item.accepted_at !== null) this.#accepted.set(item.id, item);
    replace(
      items,
      items.filter(({ period_id }) => period_id !== id),
    );
    for (const item of items) {
      if (item.carried_to !== id) continue;
      item.carried_to = null;
      item.is_open = item.cause === "missing" && item.accepted_at === null;
    }
  }

  async insertItems(newItems: readonly NewItem[]): Promise<void> {
    for (const item of newItems) {
      const was = this.#accepted.get(item.id);
      this.tables.items.push({
        ...item,
        accepted_by: was?.accepted_by ?? null,
        accepted_at: was?.accepted_at ?? null,
        accepted_reason: was?.accepted_reason ?? null,
        ...(was && { is_open: false }),
      });
    }
  }

  async carryHere(references: readonly string[]): Promise<void> {
    const wanted = new Set<string | null>(references);
    for (const item of this.#elsewhere())
      if (item.row_number === null && item.carried_to === null && item.ers_reference !== null)
        if (wanted.has(item.ers_reference))
          Object.assign(item, { carried_to: this.period.id, is_open: false });
  }

  #ofScope(): ItemRecord[] {
    return this.tables.items.filter(({ scope }) => scope === this.period.scope);
  }

  #elsewhere(): ItemRecord[] {
    return this.#ofScope().filter(({ period_id }) => period_id !== this.period.id);
  }

  #ownRows(): ReportRowRecord[] {
    return this.tables.rows
      .filter(({ period_id }) => period_id === this.period.id)
      .sort((a, b) => a.row_number - b.row_number);
  }

  #made(refund: RefundRecord): LedgerTransaction[] {
    const invoice = this.#invoices.get(refund.invoice_id);
    return invoice ? [refundOf(refund, invoice)] : [];
  }
}

/** As an array's own `splice`, which takes no more arguments than the stack has room for. */
function replace<Row>(rows: Row[], others: readonly Row[]): void {
  rows.length = 0;
  for (const row of others) rows.push(row);
}

function groupBy<Key, Row>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

function isWithin(at: Date, { after, until }: Span): boolean {
  return (after === null || at > after) && at <= until;
}

function isKeyOf(one: Candidate, keys: readonly CandidateKey[]): boolean {
  return keys.some(({ terminal_id, amount }) => terminal_id === one.terminal_id && amount === one.amount);
}

/** As PostgreSQL orders what happened at the same time. */
function orderOf({ invoice_id, refund_id }: LedgerTransaction): string {
  return `${invoice_id} ${refund_id ?? ""}`;
}
