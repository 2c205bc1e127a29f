import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { NewRefund, RefundRecord } from "./ledger";
import { withReceipt } from "./postgres-receipts";
import { REFUND, refunds, unlessTaken } from "./postgres-tables";

/** @see Ledger.refundsOf */
export async function refundsOf(db: Knex, invoiceId: string): Promise<RefundRecord[]> {
  return refunds(db).where({ invoice_id: invoiceId }).orderBy("requested_at").select<RefundRecord[]>("*");
}

/** @see Ledger.refundsOfAll */
export async function refundsOfAll(db: Knex, invoiceIds: string[]): Promise<RefundRecord[]> {
  return refunds(db).whereIn("invoice_id", invoiceIds).orderBy("requested_at").select<RefundRecord[]>("*");
}

/** @see Ledger.refundKeys */
export async function refundKeys(db: Knex, keys: string[]): Promise<Set<string>> {
  const rows = await refunds(db)
    .whereIn("idempotency_key", keys)
    .whereNot({ state: "refused" })
    .select<Pick<RefundRecord, "idempotency_key">[]>("idempotency_key");
  return new Set(rows.map(({ idempotency_key }) => idempotency_key));
}

/** @see Ledger.requestedRefunds */
export async function requestedRefunds(db: Knex, before: Date): Promise<RefundRecord[]> {
  return refunds(db)
    .whereRaw("state = 'requested'")
    .where("requested_at", "<", before)
    .select<RefundRecord[]>("*");
}

/** @see Ledger.refundsMade */
export async function refundsMade(db: Knex, reason: string, from: Date, to: Date): Promise<RefundRecord[]> {
  return refunds(db)
    .where({ state: "done", reason })
    .where("finished_at", ">=", from)
    .where("finished_at", "<", to)
    .select<RefundRecord[]>("*");
}

/** @see Ledger.insertRefund */
export async function insertRefund(db: Knex, refund: NewRefund): Promise<RefundRecord | undefined> {
  return unlessTaken(
    db<RefundRecord>(REFUND)
      .insert(requested(refund) as Partial<RefundRecord>)
      .returning("*"),
    ["IDX_seqr_refund_unfinished", "IDX_seqr_refund_key"],
  );
}

/** @see Ledger.finishRefund */
export async function finishRefund(
  db: Knex,
  id: string,
  state: "done" | "refused" | "unknown",
  patch: Pick<RefundRecord, "refund_reference" | "result" | "finished_at">,
): Promise<RefundRecord | undefined> {
  const change = refunds(db)
    .where({ id })
    .whereIn("state", ["requested", "unknown"])
    .update({ ...patch, state, updated_at: db.fn.now() })
    .returning("*");
  const [record] = await withReceipt<RefundRecord>(db, change, "refund", patch.finished_at);
  return record;
}

/** @see Ledger.rekeyRefund */
export async function rekeyRefund(
  db: Knex,
  id: string,
  from: string,
  to: string,
  now: Date,
): Promise<RefundRecord | undefined> {
  return unlessTaken(
    refunds(db)
      .where({ id, idempotency_key: from, state: "done" })
      .update({ idempotency_key: to, taken_over_at: now, updated_at: db.fn.now() })
      .returning<RefundRecord[]>("*"),
    ["IDX_seqr_refund_key"],
  );
}

/** The row of a refund that is about to be requested. */
export function requested(refund: NewRefund): NewRefund & Pick<RefundRecord, "id" | "state"> {
  return { ...refund, id: generateEntityId(undefined, "seqrref"), state: "requested" };
}
