import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { FINAL_STATES } from "../invoice/states";
import type { Observation } from "./ledger";
import { INVOICE, refunds } from "./postgres-tables";

const OBSERVATION = "seqr_observation";

/** @see Ledger.recordObservation */
export async function recordObservation(db: Knex, observation: Observation): Promise<void> {
  await db(OBSERVATION).insert({ ...observation, id: generateEntityId(undefined, "seqrobs") });
}

/** @see Ledger.deleteObservations */
export async function deleteObservations(db: Knex, before: Date, limit: number): Promise<number> {
  const unfinished = refunds(db)
    .whereRaw("state in ('requested', 'unknown')")
    .whereRaw("seqr_refund.invoice_id = invoice.id");
  const old = db({ seen: OBSERVATION, invoice: INVOICE })
    .select("seen.id")
    .whereRaw("invoice.id = seen.invoice_id and seen.deleted_at is null")
    .where("seen.observed_at", "<", before)
    .where("invoice.state_since", "<", before)
    .whereIn("invoice.state", [...FINAL_STATES])
    .whereRaw("(invoice.problem is null or invoice.state = 'not_issued') and invoice.due_at is null")
    .whereNotExists(unfinished)
    .orderBy("seen.observed_at")
    .limit(limit);
  // As an array: joined with them, PostgreSQL may read the whole table instead of its key.
  return db(OBSERVATION).whereRaw("id = any(array(?))", [old]).delete();
}

/** @see Ledger.observationsSince */
export async function observationsSince(db: Knex, invoiceIds: string[], since: Date): Promise<Observation[]> {
  return db<Observation>("seqr_observation")
    .whereIn("invoice_id", invoiceIds)
    .where("observed_at", ">=", since)
    .select(
      "invoice_id",
      "observed_at",
      "source",
      "operation",
      "status",
      "version",
      "ers_reference",
      "result",
    );
}
