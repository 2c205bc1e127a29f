import { model } from "@medusajs/framework/utils";

/** Something we learned about an invoice, or failed to learn. Unchanged answers leave no row. */
export const SeqrObservation = model.define("seqr_observation", {
  id: model.id({ prefix: "seqrobs" }).primaryKey(),
  invoice_id: model.text().index("IDX_seqr_observation_invoice_id"),
  observed_at: model.dateTime().index("IDX_seqr_observation_observed_at"),
  /** What caused the request. */
  source: model.text(),
  operation: model.text(),
  /** The status that SEQR answered. */
  status: model.text().nullable(),
  version: model.number().nullable(),
  /** SEQR's reference of the payment. */
  ers_reference: model.text().nullable(),
  /** `0`, or the error's code. */
  result: model.text(),
});
