import { model } from "@medusajs/framework/utils";

/**
 * A report of SEQR about a period, as SEQR gave it. A report that is fetched again is kept beside the first one when its rows
 * differ, and never replaces it.
 */
export const SeqrPeriodReport = model.define("seqr_period_report", {
  id: model.id({ prefix: "seqrrep" }).primaryKey(),
  period_id: model.text().index("IDX_seqr_period_report_period_id"),
  /** As it was asked for: `Reconciliation/STD_RECON_003.xml`. */
  report_id: model.text(),
  title: model.text().nullable(),
  mime_type: model.text().nullable(),
  /** The document as text. */
  content: model.text(),
  /** SHA-256 of what it says: without the time at which it was made. */
  digest: model.text(),
  /** Whether the period goes by it: the first of its `report_id`, until a person accepts a later one. */
  is_current: model.boolean().default(true),
  fetched_at: model.dateTime(),
});
