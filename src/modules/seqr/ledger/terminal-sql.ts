import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { DueWhileViewed, OverdueInvoices, TerminalKey } from "./ledger";

/** The condition that one of these terminals made an invoice, and its bindings. A comparison with null is neither true nor false. */
export function madeBy(terminals: readonly TerminalKey[]): [string, string[]] {
  const pairs = terminals.map(() => "(?, ?)").join(", ");
  return [
    `(coalesce(terminal, ''), terminal_id) in (${pairs})`,
    terminals.flatMap(({ terminal, terminal_id }) => [terminal ?? "", terminal_id]),
  ];
}

/** Selects overdue invoices that no terminal of these made, and that do not have a problem yet. */
export function overdueOfOthers(
  query: Knex.QueryBuilder,
  known: readonly TerminalKey[],
  problem: string,
  { now, before, states }: OverdueInvoices,
): void {
  void query
    .where("due_at", "<=", before)
    .whereIn("state", [...states])
    .whereNot((other) => void other.whereRaw(...madeBy(known)))
    .whereRaw("(lease_until is null or lease_until <= ?) and problem is distinct from ?", [now, problem]);
}

/** When an invoice is due while a payment page is open on it: never later than it was; one that is not due stays so. */
export function dueWhileViewed(db: Knex, { dueAt, notified, notifiedDueAt }: DueWhileViewed): Knex.Raw {
  const due = db.raw("case when terminal = any(?) then ?::timestamptz else ?::timestamptz end", [
    [...notified],
    notifiedDueAt,
    dueAt,
  ]);
  return db.raw("case when attempts = 0 and due_at is not null then least(due_at, ?) else due_at end", [due]);
}
