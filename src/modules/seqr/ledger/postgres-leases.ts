import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { DueLeaseRequest, InvoiceRecord, LeaseRequest } from "./ledger";
import { invoices } from "./postgres-tables";
import { madeBy } from "./terminal-sql";

const PURCHASE_LOCK = "seqr_purchase_lock";

/** @see Ledger.acquireDueLeases */
export async function acquireDueLeases(
  db: Knex,
  { limit, states, of, ...request }: DueLeaseRequest,
): Promise<InvoiceRecord[]> {
  const due = invoices(db)
    .select("id")
    .where("due_at", "<=", request.now)
    .modify((query) => void (states && query.whereIn("state", [...states])))
    .modify((query) => void (of && query.whereRaw(...madeBy(of))))
    .whereRaw("(lease_until is null or lease_until <= ?)", [request.now])
    .orderBy("due_at")
    .limit(limit)
    .forUpdate()
    .skipLocked();
  // Materialized: as a plain subquery it may run once per row of a join, and then takes more than the limit.
  return invoices(db)
    .withMaterialized("due", due)
    .whereIn("id", db.select("id").from("due"))
    .update(leaseOf(request))
    .returning<InvoiceRecord[]>("*");
}

/** @see Ledger.acquireLease */
export async function acquireLease(
  db: Knex,
  id: string,
  request: LeaseRequest,
): Promise<InvoiceRecord | undefined> {
  const [record] = await invoices(db)
    .where({ id })
    .whereRaw("(lease_until is null or lease_until <= ?)", [request.now])
    .update(leaseOf(request))
    .returning<InvoiceRecord[]>("*");
  return record;
}

/** @see Ledger.extendLease */
export async function extendLease(db: Knex, id: string, owner: string, until: Date): Promise<void> {
  await invoices(db)
    .where({ id, lease_owner: owner })
    .update({
      lease_until: until,
      due_at: db.raw("case when due_at < lease_until then due_at else ? end", [until]),
    });
}

/** @see Ledger.releaseLease */
export async function releaseLease(db: Knex, id: string, owner: string, dueAt: Date | null): Promise<void> {
  await invoices(db)
    .where({ id, lease_owner: owner })
    .update({
      lease_owner: null,
      lease_until: null,
      // Acquiring set due_at to the lease's end. An earlier value is a request to process the invoice sooner: it is kept.
      due_at: db.raw("case when due_at < lease_until then least(due_at, ?) else ? end", [dueAt, dueAt]),
    });
}

/** @see Ledger.acquirePurchaseLock */
export async function acquirePurchaseLock(
  db: Knex,
  id: string,
  { owner, now, until }: LeaseRequest,
): Promise<boolean> {
  const lock = { lease_owner: owner, lease_until: until };
  const rows = await db(PURCHASE_LOCK)
    .insert({ id, ...lock })
    .onConflict("id")
    .merge(lock)
    .whereRaw(`${PURCHASE_LOCK}.lease_owner = ? or ${PURCHASE_LOCK}.lease_until <= ?`, [owner, now])
    .returning("id");
  return rows.length > 0;
}

/** @see Ledger.releasePurchaseLock */
export async function releasePurchaseLock(db: Knex, id: string, owner: string): Promise<void> {
  await db(PURCHASE_LOCK).where({ id, lease_owner: owner }).delete();
}

/** The invoice is due when the lease ends, so that another process takes over after a crash. */
function leaseOf({
  owner,
  until,
}: LeaseRequest): Pick<InvoiceRecord, "lease_owner" | "lease_until" | "due_at"> {
  return { lease_owner: owner, lease_until: until, due_at: until };
}
