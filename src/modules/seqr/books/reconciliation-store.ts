import type { ItemClass, PeriodState } from "./book-words";
import type { ItemRecord, PeriodRecord, ReportRowRecord } from "./books-ledger";
import type { TerminalKey } from "../ledger/ledger";

/** A payment or a refund of the ledger, as far as a report can have it. */
export interface LedgerTransaction extends TerminalKey {
  kind: "payment" | "refund";
  /** SEQR's reference; null for a refund of which SEQR has only said that it was made. */
  ers_reference: string | null;
  /** Decimal string, below zero for a refund. */
  amount: string;
  /** ISO 4217. */
  currency_code: string;
  /** When the ledger learned of it. */
  occurred_at: Date;
  /**
   * `charged`: SEQR made it and has not reversed it. `given_back`: the ledger says that SEQR has not charged it. `disputed`: SEQR has
   * contradicted itself about it.
   */
  standing: "charged" | "given_back" | "disputed";
  /** Whether Medusa has to have it on record. */
  is_recorded: boolean;
  invoice_id: string;
  session_id: string;
  order_id: string | null;
  refund_id: string | null;
  /** Medusa's id of the refund; null for a payment, and for a refund that Medusa has not requested. */
  medusa_refund_id: string | null;
}

/** A payment or a refund of the ledger that has no reference, and that a row of a report may be. */
export interface Candidate {
  /** Of the refund, or of the invoice that SEQR reversed. */
  id: string;
  kind: "payment" | "refund";
  terminal_id: string;
  /** Decimal string, below zero for a refund. */
  amount: string;
  currency_code: string;
  invoice_id: string;
  order_id: string | null;
}

/** Of which terminal and of which amount, a decimal string, a candidate has to be. */
export type CandidateKey = Pick<Candidate, "terminal_id" | "amount">;

/** A period of a scope that SEQR closed, or may have closed. */
export type ClosedPeriod = Pick<PeriodRecord, "id" | "requested_at" | "reported_at"> & {
  state: Exclude<PeriodState, "marking" | "refused">;
};

/** An item of another period of the scope with a reference. */
export type ItemElsewhere = Pick<ItemRecord, "period_id" | "row_number"> & { ers_reference: string };

/** An item that is about to be written. */
export type NewItem = Omit<ItemRecord, "accepted_by" | "accepted_at" | "accepted_reason">;

/** A span of time: after its beginning, and until its end. Without a beginning it has all that was before its end. */
export interface Span {
  after: Date | null;
  until: Date;
}

/** What belongs to one class of a period, in one currency. Amounts are decimal strings. */
export interface ClassTotals {
  count: number;
  /** How many need a person. */
  open: number;
  reported: string;
  expected: string;
}

/**
 * What a period comes to in one currency. Always `difference` = `reported` - `expected` = what the classes other than `agrees` come
 * to. Amounts are decimal strings.
 */
export interface PeriodTotals {
  /** ISO 4217; null for rows of which the currency is not known. */
  currency_code: string | null;
  reported: string;
  expected: string;
  difference: string;
  classes: Partial<Record<ItemClass, ClassTotals>>;
}

/** Number and total of the rows of a report; decimal strings. */
export interface RowTotals {
  count: number;
  total: string;
  /** The same without the rows below zero. */
  positive: { count: number; total: string };
}

/** Reads and writes what the reconciliation of one period needs, within one transaction. */
export interface PeriodBooks {
  /** The periods of the scope that SEQR closed or may have closed, oldest first. */
  closedPeriods(): Promise<ClosedPeriod[]>;
  /** The rows of the period's report in their order, in batches. */
  rows(): AsyncIterable<ReportRowRecord[]>;
  /** References that several rows of the report have, with the number of the first such row. */
  repeatedReferences(): Promise<Map<string, number>>;
  rowTotals(): Promise<RowTotals>;
  /** Payments of any state and refunds that were made, with these references, of any terminal. */
  transactionsOf(references: readonly string[]): Promise<LedgerTransaction[]>;
  /** Payments about which SEQR contradicted itself, under these references. */
  disputedTransactions(references: readonly string[]): Promise<LedgerTransaction[]>;
  /** Refunds without a reference that were made or may have been, requested until a moment; the oldest first. */
  refundsWithoutReference(keys: readonly CandidateKey[], until: Date): Promise<Candidate[]>;
  /** Payments that the ledger has as reversed within a span; the oldest first. */
  reversedPayments(keys: readonly CandidateKey[], span: Span): Promise<Candidate[]>;
  /**
   * The charged payments and the refunds of these terminals in a span that no report of the scope has, save reports of the periods that
   * are named; oldest first, in batches. What is written meanwhile does not change them.
   */
  transactionsWithoutRow(
    terminals: readonly TerminalKey[],
    span: Span,
    exceptPeriods: readonly string[],
  ): AsyncIterable<LedgerTransaction[]>;
  /** The items of other periods of the scope with these references. */
  itemsElsewhere(references: readonly string[]): Promise<ItemElsewhere[]>;
  /** The references of a period's items that the next report should have, and that no other period has yet. */
  awaitedReferences(periodId: string): Promise<string[]>;
  /** Which of these refunds a row of a report of the scope may be. */
  proposedRefunds(refundIds: readonly string[]): Promise<Set<string>>;
  /** Whether any report of the account has had a refund, this period's included. */
  hasReportedRefunds(): Promise<boolean>;
  /** Deletes the period's items, and reopens what other periods had carried to it. */
  deleteItems(): Promise<void>;
  /** Writes items of the period. An item that had the same id before keeps its acceptance, and is not open then. */
  insertItems(items: readonly NewItem[]): Promise<void>;
  /** Assigns items of other periods that no report had, with these references, to this period. They need no person any more. */
  carryHere(references: readonly string[]): Promise<void>;
}

/** Stores reconciliations. */
export interface ReconciliationStore {
  /**
   * Does the work in one transaction: all that it writes, or nothing. Two works of one scope follow each other.
   */
  reconciling<T>(
    period: Pick<PeriodRecord, "id" | "scope" | "endpoint" | "reseller_id">,
    work: (books: PeriodBooks) => Promise<T>,
  ): Promise<T>;
  /** What a period comes to without what another period has instead, by currency: with the known currencies in alphabetical order, then the unknown one. */
  totalsOf(periodId: string): Promise<PeriodTotals[]>;
}
