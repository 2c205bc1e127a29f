import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { statesBefore } from "../invoice/states";
import type {
  DecisionEffect,
  DecisionRecord,
  InvoiceRecord,
  NewDecision,
  NewRefund,
  RefundRecord,
  ResolvedRefund,
  SeenInvoice,
} from "./ledger";
import { withReceipt } from "./postgres-receipts";
import { requested } from "./postgres-refunds";
import { INVOICE, REFUND } from "./postgres-tables";

const DECISION = "seqr_decision";

/** @see Ledger.recordDecision */
export async function recordDecision(
  db: Knex,
  decision: NewDecision,
  seen: SeenInvoice,
  { to, patch, ofProblem }: DecisionEffect,
): Promise<InvoiceRecord | undefined> {
  if (to !== undefined && !statesBefore(to).includes(seen.state)) return undefined;
  return deciding(db, decision, (transaction) =>
    transaction<InvoiceRecord>(INVOICE)
      .whereNull("deleted_at")
      .where({ id: seen.id, state: seen.state, ...(ofProblem && { problem_no: seen.problem_no }) })
      .whereRaw("date_trunc('milliseconds', state_since) = ?", [seen.state_since])
      .whereRaw("disputed_amount is not distinct from ?", [seen.disputed_amount])
      .update({ ...patch, ...(to && { state: to }), ...({ updated_at: transaction.fn.now() } as object) })
      .returning("*"),
  );
}

/** @see Ledger.resolveRefund */
export async function resolveRefund(
  db: Knex,
  decision: NewDecision,
  refundId: string,
  resolution: ResolvedRefund,
  again?: NewRefund,
): Promise<RefundRecord | undefined> {
  return deciding(db, decision, async (transaction) => {
    const change = transaction(REFUND)
      .whereNull("deleted_at")
      .where({ id: refundId, invoice_id: decision.invoice_id, state: "unknown" })
      .update({ ...resolution, updated_at: transaction.fn.now() })
      .returning("*");
    const resolved = await withReceipt<RefundRecord>(transaction, change, "refund", resolution.finished_at);
    if (resolved.length > 0 && again) await transaction(REFUND).insert(requested(again));
    return resolved;
  });
}

/** @see Ledger.decisionsOf */
export async function decisionsOf(db: Knex, invoiceIds: string[]): Promise<DecisionRecord[]> {
  return db(DECISION)
    .whereNull("deleted_at")
    .whereIn("invoice_id", invoiceIds)
    .orderBy("decided_at")
    .select<DecisionRecord[]>("*");
}

/** Records a decision and its effect in one transaction. */
async function deciding<T>(
  db: Knex,
  decision: NewDecision,
  change: (db: Knex.Transaction) => PromiseLike<T[]>,
): Promise<T | undefined> {
  return db.transaction(async (transaction) => {
    const [changed] = await change(transaction);
    if (changed === undefined) return undefined;
    await transaction(DECISION).insert({ ...decision, id: generateEntityId(undefined, "seqrdec") });
    return changed;
  });
}
