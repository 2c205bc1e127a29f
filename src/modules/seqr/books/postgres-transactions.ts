import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { CHARGED_STATES } from "../invoice/states";
import type { TerminalKey } from "../ledger/ledger";
import { INVOICE, REFUND } from "../ledger/postgres-tables";
import {
  disputedPaymentOf,
  paymentCandidateOf,
  paymentOf,
  refundCandidateOf,
  refundOf,
  type ChargedInvoice,
  type MadeRefund,
} from "./ledger-transactions";
import type { Candidate, CandidateKey, LedgerTransaction, Span } from "./reconciliation-store";

const OF_INVOICE = [
  ...["id", "terminal", "terminal_id", "session_id", "order_id", "amount", "currency_code", "state"],
  ...["state_since", "paid_at", "ers_reference", "disputed_reference", "disputed_amount"],
] as const satisfies readonly (keyof ChargedInvoice)[];

const OF_REFUND = [
  ...["id", "amount", "reason", "idempotency_key", "refund_reference", "requested_at", "finished_at"],
] as const satisfies readonly (keyof MadeRefund)[];

/** An invoice, with the columns of one of its refunds under names of their own. */
type Joined = ChargedInvoice & { [Name in keyof MadeRefund as `refund_${Name}`]: MadeRefund[Name] };

const INVOICE_COLUMNS = OF_INVOICE.map((name) => `i.${name}`);
const REFUND_COLUMNS = OF_REFUND.map((name) => `r.${name} as refund_${name}`);

/** @see PeriodBooks.transactionsOf */
export async function transactionsOf(db: Knex, references: readonly string[]): Promise<LedgerTransaction[]> {
  const payments = await invoices(db)
    .whereRaw("i.ers_reference = any(?)", [[...references]])
    .select<ChargedInvoice[]>(INVOICE_COLUMNS);
  const refunds = await invoicesWithRefunds(db)
    .whereRaw("r.refund_reference = any(?) and r.state = 'done'", [[...references]])
    .select<Joined[]>([...INVOICE_COLUMNS, ...REFUND_COLUMNS]);
  return [...payments.map(paymentOf), ...refunds.map((row) => refundOf(refundIn(row), row))];
}

/** @see PeriodBooks.disputedTransactions */
export async function disputedTransactions(
  db: Knex,
  references: readonly string[],
): Promise<LedgerTransaction[]> {
  const found = await invoices(db)
    .whereRaw("i.disputed_reference is not null and i.disputed_reference = any(?)", [[...references]])
    .select<ChargedInvoice[]>(INVOICE_COLUMNS);
  return found.map(disputedPaymentOf);
}

/** @see PeriodBooks.refundsWithoutReference */
export async function refundsWithoutReference(
  db: Knex,
  keys: readonly CandidateKey[],
  until: Date,
): Promise<Candidate[]> {
  const found = await invoicesWithRefunds(db)
    .whereRaw("r.refund_reference is null and r.state in ('requested', 'unknown', 'done')")
    .where("r.requested_at", "<=", until)
    .whereRaw("(i.terminal_id, '-' || r.amount) in (select * from unnest(?::text[], ?::text[]))", pairs(keys))
    .orderBy("r.requested_at")
    .select<Joined[]>([...INVOICE_COLUMNS, ...REFUND_COLUMNS]);
  return found.map((row) => refundCandidateOf(refundIn(row), row));
}

/** @see PeriodBooks.reversedPayments */
export async function reversedPayments(
  db: Knex,
  keys: readonly CandidateKey[],
  span: Span,
): Promise<Candidate[]> {
  const found = await invoices(db)
    .whereRaw("i.reason = 'reversed' and i.state = 'canceled'")
    .whereRaw("i.state_since > coalesce(?::timestamptz, '-infinity') and i.state_since <= ?", bounds(span))
    .whereRaw("(i.terminal_id, i.amount) in (select * from unnest(?::text[], ?::text[]))", pairs(keys))
    .orderBy("i.state_since")
    .select<ChargedInvoice[]>(INVOICE_COLUMNS);
  return found.map(paymentCandidateOf);
}

/** The query for the charged payments and the refunds of terminals in a span, oldest first. Its rows are read with `transactionIn`. */
export function transactionsWithin(
  db: Knex,
  terminals: readonly TerminalKey[],
  span: Span,
): Knex.QueryBuilder {
  const isIn = (column: string): [string, (Date | null)[]] => [
    `${column} > coalesce(?::timestamptz, '-infinity') and ${column} <= ?`,
    bounds(span),
  ];
  const payments = invoices(db)
    .modify(madeBy, terminals)
    .whereIn("i.state", CHARGED_STATES)
    .whereNotNull("i.ers_reference")
    .whereRaw(...isIn("i.paid_at"))
    .select(INVOICE_COLUMNS)
    .select(OF_REFUND.map((name) => db.raw(`null::${typeOf(name)} as refund_${name}`)))
    .select("i.paid_at as occurred_at");
  const refunds = invoicesWithRefunds(db)
    .modify(madeBy, terminals)
    .where("r.state", "done")
    .whereRaw(...isIn("r.finished_at"))
    .select([...INVOICE_COLUMNS, ...REFUND_COLUMNS])
    .select("r.finished_at as occurred_at");
  return db
    .from(payments.unionAll([refunds]).as("t"))
    .select("*")
    .orderByRaw("occurred_at, id, refund_id nulls first");
}

/** A row of `transactionsWithin`. */
export function transactionIn(row: Joined): LedgerTransaction {
  return row.refund_id === null ? paymentOf(row) : refundOf(refundIn(row), row);
}

/** Selects invoices that terminals made, in words of which PostgreSQL knows how many rows they are. */
function madeBy(query: Knex.QueryBuilder, terminals: readonly TerminalKey[]): void {
  void query.where((any) => {
    void any.whereRaw("false");
    for (const { terminal, terminal_id } of terminals)
      void any.orWhere({ "i.terminal": terminal, "i.terminal_id": terminal_id });
  });
}

function invoices(db: Knex): Knex.QueryBuilder {
  return db(`${INVOICE} as i`).whereRaw("i.deleted_at is null");
}

function invoicesWithRefunds(db: Knex): Knex.QueryBuilder {
  return invoices(db).join(`${REFUND} as r`, "r.invoice_id", "i.id").whereRaw("r.deleted_at is null");
}

function refundIn(row: Joined): MadeRefund {
  return {
    id: row.refund_id,
    amount: row.refund_amount,
    reason: row.refund_reason,
    idempotency_key: row.refund_idempotency_key,
    refund_reference: row.refund_refund_reference,
    requested_at: row.refund_requested_at,
    finished_at: row.refund_finished_at,
  };
}

function typeOf(name: (typeof OF_REFUND)[number]): string {
  return name.endsWith("_at") ? "timestamptz" : "text";
}

function bounds({ after, until }: Span): [Date | null, Date] {
  return [after, until];
}

function pairs(keys: readonly CandidateKey[]): [string[], string[]] {
  return [keys.map(({ terminal_id }) => terminal_id), keys.map(({ amount }) => amount)];
}
