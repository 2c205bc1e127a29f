import { createHash } from "node:crypto";
import type { ReportRowRecord } from "../modules/seqr/books/books-ledger";
import type { Candidate, LedgerTransaction, NewItem } from "../modules/seqr/books/reconciliation-store";
import type { RecordedAmounts } from "../medusa/recorded-amounts";
import { compare } from "../seqr";
import { medusaAmount, type BooksTerminal, type Finding } from "./classify";

/** Where an item stands: in which period, and at which place. */
export interface ItemPlace {
  period: { id: string; scope: string };
  number: number;
  /** The other period to which our clock assigns it, or that awaited it. */
  carriedFrom: string | null;
}

/** What an item about a row is made of. */
export interface RowItem {
  row: ReportRowRecord;
  finding: Finding;
  transaction: LedgerTransaction | undefined;
  candidate: Candidate | undefined;
  recorded: RecordedAmounts | undefined;
  terminals: readonly BooksTerminal[];
}

/** The item of a row of a report. Only a row that the ledger has, once, has an expected amount. */
export function itemOfRow(place: ItemPlace, given: RowItem): NewItem {
  const { row, finding, transaction, candidate, recorded, terminals } = given;
  const known = finding.class === "only_at_seqr" ? undefined : transaction;
  const kind = transaction?.kind ?? (compare(row.amount, "0") < 0 ? "refund" : "payment");
  return withId({
    ...base(place, finding),
    row_number: row.row_number,
    kind,
    terminal_id: row.terminal_id,
    cashier_id: row.cashier_id,
    ers_reference: row.ers_reference,
    currency_code: (transaction ?? candidate)?.currency_code ?? currencyAt(terminals, row.terminal_id),
    reported_amount: row.amount,
    expected_amount: known?.amount ?? null,
    medusa_amount: known ? medusaAmount(known, recorded) : null,
    invoice_id: (transaction ?? candidate)?.invoice_id ?? null,
    refund_id: transaction?.refund_id ?? (candidate?.kind === "refund" ? candidate.id : null),
    order_id: (transaction ?? candidate)?.order_id ?? null,
    occurred_at: transaction?.occurred_at ?? null,
    carried_to: null,
  });
}

/** The item of a transaction that the report does not have. */
export function itemWithoutRow(
  place: ItemPlace & { carriedTo: string | null },
  transaction: LedgerTransaction,
  finding: Finding,
  recorded: RecordedAmounts | undefined,
): NewItem {
  const { kind, terminal_id, ers_reference, currency_code, amount } = transaction;
  const { invoice_id, refund_id, order_id, occurred_at } = transaction;
  return withId({
    ...base(place, finding),
    ...{ row_number: null, kind, terminal_id, cashier_id: null, ers_reference, currency_code },
    ...{ reported_amount: null, expected_amount: amount, medusa_amount: medusaAmount(transaction, recorded) },
    ...{ invoice_id, refund_id, order_id, occurred_at, carried_to: place.carriedTo },
  });
}

function base(
  { period, number, carriedFrom }: ItemPlace,
  { class: itemClass, cause, is_open }: Finding,
): Pick<NewItem, "period_id" | "scope" | "number" | "class" | "cause" | "is_open" | "carried_from"> {
  return {
    ...{ period_id: period.id, scope: period.scope, number },
    ...{ class: itemClass, cause, is_open, carried_from: carriedFrom },
  };
}

/** The currency of a terminal that has one only; null when several are possible, or the terminal is not known. */
function currencyAt(terminals: readonly BooksTerminal[], terminalId: string): string | null {
  const currencies = new Set(
    terminals.filter(({ terminal_id }) => terminal_id === terminalId).flatMap(({ currencies }) => currencies),
  );
  const [only] = currencies.size === 1 ? currencies : [];
  return only ?? null;
}

/**
 * Names an item by what it says. When a period is reconciled again, an item that says the same has the same id, so that a decision about
 * it stays valid, and one about an item that says something else is refused.
 */
function withId(item: Omit<NewItem, "id">): NewItem {
  const { period_id, row_number, ers_reference, invoice_id, refund_id, currency_code, terminal_id } = item;
  const { class: itemClass, cause, reported_amount, expected_amount, medusa_amount } = item;
  const says = JSON.stringify([
    ...[period_id, row_number, ers_reference, invoice_id, refund_id, terminal_id, currency_code],
    ...[itemClass, cause, reported_amount, expected_amount, medusa_amount],
  ]);
  return { ...item, id: `seqritem_${createHash("sha256").update(says).digest("hex").slice(0, 32)}` };
}
