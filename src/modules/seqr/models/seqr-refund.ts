import { model } from "@medusajs/framework/utils";
import { REFUND_STATES } from "../invoice/states";

/** One refund at SEQR, written before the call and completed after it. */
export const SeqrRefund = model
  .define("seqr_refund", {
    id: model.id({ prefix: "seqrref" }).primaryKey(),
    invoice_id: model.text().index("IDX_seqr_refund_invoice_id"),
    /** Medusa's refund id, or our own word when Medusa has no refund. */
    idempotency_key: model.text().index("IDX_seqr_refund_idempotency_key"),
    /** Decimal string. */
    amount: model.text(),
    currency_code: model.text(),
    state: model.enum([...REFUND_STATES]),
    reason: model.text(),
    /** SEQR's reference of the refund; not the payment's. */
    refund_reference: model.text().index("IDX_seqr_refund_refund_reference").nullable(),
    /** `0`, or the error's code. */
    result: model.text().nullable(),
    requested_at: model.dateTime(),
    finished_at: model.dateTime().nullable(),
    /** When it was linked to a record of Medusa that was written after SEQR had made it. */
    taken_over_at: model.dateTime().nullable(),
  })
  .indexes([
    {
      name: "IDX_seqr_refund_unfinished",
      on: ["invoice_id"],
      unique: true,
      where: "state in ('requested', 'unknown') and deleted_at is null",
    },
    {
      name: "IDX_seqr_refund_key",
      on: ["invoice_id", "idempotency_key"],
      unique: true,
      where: "state <> 'refused' and deleted_at is null",
    },
    { name: "IDX_seqr_refund_made", on: ["finished_at"], where: "state = 'done'" },
    // The list of refunds.
    { name: "IDX_seqr_refund_state_requested_at", on: ["state", "requested_at", "id"] },
  ]);
