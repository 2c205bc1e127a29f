import { model } from "@medusajs/framework/utils";

/** What a person decided about money that needed one: who, what and why. */
export const SeqrDecision = model.define("seqr_decision", {
  id: model.id({ prefix: "seqrdec" }).primaryKey(),
  /** The payment that it was about; empty when it was about the books. */
  invoice_id: model.text().index("IDX_seqr_decision_invoice_id").nullable(),
  /** The transaction period that it was about; empty when it was about a payment. */
  period_id: model.text().index("IDX_seqr_decision_period_id").nullable(),
  /** What it was about: a kind of the attention list. */
  kind: model.text(),
  /** Which entry of that kind: the end of its id. */
  subject: model.text().default(""),
  action: model.text(),
  /** Medusa's id of the member of staff. */
  actor_id: model.text(),
  reason: model.text(),
  decided_at: model.dateTime(),
});
