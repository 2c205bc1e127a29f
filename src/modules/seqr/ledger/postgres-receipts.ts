import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { RECEIPT_DUE } from "../models/seqr-receipt";
import type { DueReceiptRequest, ReceiptOutcome, ReceiptRecord, TerminalKey } from "./ledger";
import { INVOICE } from "./postgres-tables";
import { madeBy } from "./terminal-sql";

const RECEIPT = "seqr_receipt";

/** What a receipt takes from the row that it is for: the invoice, the refund, and SEQR's reference. */
const COLUMNS = {
  invoice: ["id", "null", "ers_reference"],
  refund: ["invoice_id", "id", "refund_reference"],
} as const;

/**
 * Makes a change of an invoice or a refund, and records its receipt in the same statement, so that neither is without the other.
 * There is no receipt where SEQR's reference is not known, and never a second one of the same reference.
 *
 * @param change an update of one row that gives it
 * @param dueAt when the receipt has to be sent; empty: now
 * @returns the changed row
 */
export async function withReceipt<Row>(
  db: Knex,
  change: Knex.QueryBuilder,
  of: keyof typeof COLUMNS,
  dueAt: Date | null,
): Promise<Row[]> {
  const [, , reference] = COLUMNS[of];
  const receipt = db.raw(
    `insert into ${RECEIPT} (id, state, due_at, invoice_id, refund_id, ers_reference)
     select ?::text, 'pending', coalesce(?::timestamptz, now()), ${COLUMNS[of].join(", ")}
     from changed where ${reference} is not null on conflict do nothing`,
    [generateEntityId(undefined, "seqrrec"), dueAt],
  );
  const changed: unknown = await db
    .with("changed", change)
    .with("receipt", receipt)
    .from("changed")
    .select("*");
  return changed as Row[];
}

/** @see Ledger.receiptsOf */
export async function receiptsOf(db: Knex, invoiceIds: string[]): Promise<ReceiptRecord[]> {
  return receipts(db)
    .whereIn("invoice_id", invoiceIds)
    .orderBy("created_at")
    .orderBy("id")
    .select<ReceiptRecord[]>("*");
}

/** @see Ledger.acquireDueReceipts */
export async function acquireDueReceipts(
  db: Knex,
  { now, until, limit, of, notOf }: DueReceiptRequest,
): Promise<ReceiptRecord[]> {
  const invoiceOf = (made: readonly TerminalKey[]): Knex.QueryBuilder =>
    db(INVOICE)
      .select(db.raw("1"))
      .whereRaw(`${INVOICE}.id = ${RECEIPT}.invoice_id`)
      .whereRaw(...madeBy(made));
  const due = receipts(db)
    .select("id")
    .whereRaw(RECEIPT_DUE)
    .where("due_at", "<=", now)
    .modify((query) => void (of && query.whereExists(invoiceOf(of))))
    .modify((query) => void (notOf && query.whereNotExists(invoiceOf(notOf))))
    .orderBy("due_at")
    .limit(limit)
    .forUpdate()
    .skipLocked();
  // Materialized: as a plain subquery it may run once per row of a join, and then takes more than the limit.
  return receipts(db)
    .withMaterialized("due", due)
    .whereIn("id", db.select("id").from("due"))
    .update({ due_at: until, attempts: db.raw("attempts + 1"), updated_at: db.fn.now() })
    .returning<ReceiptRecord[]>("*");
}

/** @see Ledger.finishReceipt */
export async function finishReceipt(
  db: Knex,
  id: string,
  outcome: ReceiptOutcome,
): Promise<ReceiptRecord | undefined> {
  const [receipt] = await receipts(db)
    .where({ id, state: "pending" })
    .update({ ...outcome, updated_at: db.fn.now() })
    .returning<ReceiptRecord[]>("*");
  return receipt;
}

function receipts(db: Knex): Knex.QueryBuilder {
  return db(RECEIPT).whereNull("deleted_at");
}
