import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { UNFINISHED } from "../models/seqr-invoice";
import type { AttentionKind } from "../attention/attention-rules";
import { KIND, RANK } from "./attention-sql";
import type { AttentionPage, AttentionRow } from "./ledger";
import { invoices, refunds } from "./postgres-tables";

/** @see Ledger.attentionRows */
export async function attentionRows(
  db: Knex,
  { limit, offset, kinds }: AttentionPage,
): Promise<AttentionRow[]> {
  return entries(db)
    .modify((query) => void (kinds && query.whereIn("kind", [...kinds])))
    .orderByRaw(`${RANK}, since, invoice_id, kind`)
    .limit(limit)
    .offset(offset)
    .select<AttentionRow[]>("invoice_id", "kind");
}

/** @see Ledger.attentionCounts */
export async function attentionCounts(db: Knex): Promise<Map<AttentionKind, number>> {
  const rows = await entries(db)
    .groupBy("kind")
    .select<{ kind: AttentionKind; count: number }[]>("kind", db.raw("count(*)::int as count"));
  return new Map(rows.map(({ kind, count }) => [kind, count]));
}

/** The attention list: two indexed halves, since as one condition neither index would be used. */
function entries(db: Knex): Knex.QueryBuilder {
  const ofInvoices = invoices(db)
    .whereRaw(UNFINISHED)
    .select("id as invoice_id", "state_since as since", db.raw(`${KIND} as kind`));
  const ofRefunds = refunds(db)
    .whereRaw("state = 'unknown'")
    .select("invoice_id", db.raw("coalesce(finished_at, requested_at)"), db.raw("'refund_unknown'"));
  return db.from(ofInvoices.unionAll([ofRefunds]).as("entries"));
}
