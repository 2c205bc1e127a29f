import type { Cause, ItemClass } from "../modules/seqr/books/book-words";
import type { ReportRowRecord } from "../modules/seqr/books/books-ledger";
import type { Candidate, LedgerTransaction } from "../modules/seqr/books/reconciliation-store";
import type { RecordedAmounts } from "../medusa/recorded-amounts";
import { compare, fromHundredths, subtract, toHundredths } from "../seqr";

/**
 * Milliseconds before the closing in which a transaction may belong to the next period: SEQR's clock and the store's differ, and the
 * ledger learns of a payment after SEQR has made it. Milliseconds as well after which Medusa must have the record of a refund.
 */
export const CARRIED_WITHIN = 900_000;

/** What the reconciliation says of a transaction. */
export interface Finding {
  class: ItemClass;
  cause: Cause | null;
  /** Whether a person has to decide. */
  is_open: boolean;
}

/** A terminal of the account, as the options have it. */
export interface BooksTerminal {
  name: string;
  /** The terminal's id at SEQR. */
  terminal_id: string;
  /** ISO 4217. */
  currencies: readonly string[];
}

/** What is known about a row of a report. */
export interface RowFacts {
  row: Pick<ReportRowRecord, "terminal_id" | "amount">;
  /** Whether an earlier row of the same report has its reference. */
  isRepeated: boolean;
  /** Whether the report of an earlier period of the scope has its reference. */
  isCounted: boolean;
  /** What the ledger has under its reference. */
  transaction: LedgerTransaction | undefined;
  recorded: RecordedAmounts | undefined;
  /** What it may be, when the ledger does not have its reference. */
  candidate: Candidate | undefined;
  /** All terminals of the account. */
  terminals: readonly BooksTerminal[];
  now: Date;
}

/** Classifies a row of a report. */
export function findingOfRow(facts: RowFacts): Finding {
  const { transaction, isRepeated, isCounted } = facts;
  if (isRepeated) return open("only_at_seqr", "doubled");
  if (isCounted) return open("only_at_seqr", "counted_twice");
  if (transaction?.standing !== "charged") return findingOfUnknown(facts);
  return findingOfKnown(facts, transaction);
}

function findingOfKnown(
  { row, recorded, terminals, now }: RowFacts,
  transaction: LedgerTransaction,
): Finding {
  if (row.terminal_id !== transaction.terminal_id) {
    const terminal = terminals.find(({ terminal_id }) => terminal_id === row.terminal_id);
    const sellsIt = terminal?.currencies.includes(transaction.currency_code) ?? true;
    return open("terminal_differs", sellsIt ? "other_terminal" : "other_currency");
  }
  if (compare(row.amount, transaction.amount) !== 0) {
    const isNegated = compare(row.amount, negated(transaction.amount)) === 0;
    return open("amount_differs", isNegated ? "wrong_sign" : "other_amount");
  }
  const cause = causeInMedusa(transaction, recorded, now);
  return cause ? open("medusa_differs", cause) : { class: "agrees", cause: null, is_open: false };
}

/** Classifies a row that is no payment and no refund of the ledger. */
function findingOfUnknown({ row, transaction, candidate, terminals }: RowFacts): Finding {
  if (transaction)
    return open("only_at_seqr", transaction.standing === "disputed" ? "contradicting" : "given_back");
  if (candidate)
    return open("only_at_seqr", candidate.kind === "refund" ? "perhaps_unknown_refund" : "given_back");
  // What is paid at other terminals of the account, such as cash registers, is no matter of the store.
  const isOurs = terminals.some(({ terminal_id }) => terminal_id === row.terminal_id);
  return { class: "only_at_seqr", cause: "other_system", is_open: isOurs };
}

/** What Medusa's record has against SEQR's transaction, if anything. */
function causeInMedusa(
  transaction: LedgerTransaction,
  recorded: RecordedAmounts | undefined,
  now: Date,
): "not_recorded" | "other_record" | undefined {
  const { kind, amount, is_recorded, occurred_at } = transaction;
  const medusa = medusaAmount(transaction, recorded);
  if (medusa === null) {
    // A refund whose record core has deleted is recorded anew by the plugin's own job.
    const isExpected = kind === "refund" && now.getTime() - occurred_at.getTime() < CARRIED_WITHIN;
    return is_recorded && !isExpected ? "not_recorded" : undefined;
  }
  const difference = toHundredths(subtract(medusa, amount));
  // The refunds of a payment are rounded by their sum, so one of them may differ by a hundredth.
  const tolerance = kind === "refund" ? 1n : 0n;
  return difference > tolerance || difference < -tolerance ? "other_record" : undefined;
}

/** What Medusa has recorded of a transaction: decimal string, below zero for a refund; null when it has nothing. */
export function medusaAmount(
  { kind, medusa_refund_id }: Pick<LedgerTransaction, "kind" | "medusa_refund_id">,
  recorded: RecordedAmounts | undefined,
): string | null {
  if (kind === "payment") return recorded?.captured ?? null;
  const refund = recorded?.refunds.get(medusa_refund_id ?? "");
  return refund === undefined ? null : negated(refund);
}

/** What is known about a transaction of the ledger that the report does not have. */
export interface MissingFacts {
  transaction: LedgerTransaction;
  /** When the closing of the period was requested. */
  requestedAt: Date;
  /** Whether the period has no report. */
  isWithoutReport: boolean;
  /** Whether another period has it: in its report, or as missing. */
  isElsewhere: boolean;
  /** Whether this report or that of a later period had to have it, because the period before already awaited it. */
  isLastChance: boolean;
  /** Whether SEQR's reports of the account have refunds at all. */
  areRefundsReported: boolean;
  /** Whether a row of a report may be it, though its reference is not known. */
  isProposed: boolean;
}

/** Classifies a transaction of the ledger that the report does not have. */
export function findingWithoutRow(facts: MissingFacts): Finding {
  const { transaction, requestedAt, isWithoutReport, isElsewhere, isLastChance } = facts;
  const waits = (cause: Cause): Finding => ({ class: "only_here", cause, is_open: false });
  if (isElsewhere) return waits("next_period");
  if (isWithoutReport) return waits("lost_period");
  if (transaction.kind === "refund") {
    if (!facts.areRefundsReported) return waits("refund_not_reported");
    if (transaction.ers_reference === null)
      return facts.isProposed ? waits("refund_not_reported") : open("only_here", "missing");
  }
  const isLate = requestedAt.getTime() - transaction.occurred_at.getTime() < CARRIED_WITHIN;
  return isLate && !isLastChance ? waits("next_period") : open("only_here", "missing");
}

function open(itemClass: ItemClass, cause: Cause): Finding {
  return { class: itemClass, cause, is_open: true };
}

/** The same amount with the other sign; decimal string. */
export function negated(amount: string): string {
  return fromHundredths(-toHundredths(amount));
}
