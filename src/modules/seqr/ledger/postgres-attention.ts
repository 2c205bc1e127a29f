import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { UNFINISHED } from "../models/seqr-invoice";
import { PERIOD_OPEN } from "../models/seqr-period";
import type { AttentionKind } from "../attention/attention-rules";
import { BOOKS_RULES, KIND, RANK } from "./attention-sql";
import type { AttentionPage, AttentionRow } from "./ledger";
import { invoices, refunds } from "./postgres-tables";

const PERIOD = "seqr_period";
const ITEM = "seqr_reconciliation_item";

/** @see Ledger.attentionRows */
export async function attentionRows(
  db: Knex,
  { limit, offset, kinds }: AttentionPage,
): Promise<AttentionRow[]> {
  return entries(db)
    .modify((query) => void (kinds && query.whereIn("kind", [...kinds])))
    .orderByRaw(`${RANK}, since, invoice_id, period_id, kind, number`)
    .limit(limit)
    .offset(offset)
    .select<AttentionRow[]>("invoice_id", "period_id", "item_id", "kind");
}

/** @see Ledger.attentionCounts */
export async function attentionCounts(db: Knex): Promise<Map<AttentionKind, number>> {
  const rows = await entries(db)
    .groupBy("kind")
    .select<{ kind: AttentionKind; count: number }[]>("kind", db.raw("count(*)::int as count"));
  return new Map(rows.map(({ kind, count }) => [kind, count]));
}

/** The attention list: indexed parts, since as one condition no index would be used. */
function entries(db: Knex): Knex.QueryBuilder {
  const ofInvoices = invoices(db)
    .whereRaw(UNFINISHED)
    .select("id as invoice_id", "state_since as since", db.raw(`${KIND} as kind`))
    .select(db.raw("null::text as period_id, null::text as item_id, 0 as number"));
  const ofRefunds = refunds(db)
    .whereRaw("state = 'unknown'")
    .select("invoice_id", db.raw("coalesce(finished_at, requested_at)"), db.raw("'refund_unknown'"))
    .select(db.raw("null, null, 0"));
  const ofPeriods = BOOKS_RULES.map(({ kind, condition }) =>
    db(PERIOD)
      .whereNull("deleted_at")
      .whereRaw(PERIOD_OPEN)
      .whereRaw(condition)
      .select(db.raw("null"), "requested_at", db.raw("?::text", [kind]), "id", db.raw("null, 0")),
  );
  const ofItems = db(`${ITEM} as i`)
    .join(`${PERIOD} as p`, "p.id", "i.period_id")
    .whereRaw("i.is_open and i.deleted_at is null")
    .select(db.raw("null"), "p.requested_at", db.raw("'books_difference'"), "p.id", "i.id", "i.number");
  return db.from(ofInvoices.unionAll([ofRefunds, ...ofPeriods, ofItems]).as("entries"));
}
