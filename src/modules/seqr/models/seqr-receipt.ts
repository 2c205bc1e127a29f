import { model } from "@medusajs/framework/utils";
import { RECEIPT_STATES } from "../invoice/states";

/** Orders the receipts that have to be sent. The condition of a partial index: a query has to say it word for word. */
export const RECEIPT_DUE = "due_at is not null";

/**
 * A receipt that SEQR gets for a payment or a refund. It is written in the statement that completes the payment or the refund, so
 * that none is lost, and sent afterwards. The document itself is not kept.
 */
export const SeqrReceipt = model
  .define("seqr_receipt", {
    id: model.id({ prefix: "seqrrec" }).primaryKey(),
    invoice_id: model.text().index("IDX_seqr_receipt_invoice_id"),
    /** The refund that it is for; empty when it is for the payment. */
    refund_id: model.text().nullable(),
    /** SEQR's reference of the payment, or of the refund. */
    ers_reference: model.text(),
    state: model.enum([...RECEIPT_STATES]),
    /** Tries that were begun. */
    attempts: model.number().default(0),
    /** When it has to be sent, or sent again; empty when nothing is left to do. */
    due_at: model.dateTime().nullable(),
    /** `0`, or the code of the error of the last try. */
    result: model.text().nullable(),
    sent_at: model.dateTime().nullable(),
  })
  .indexes([
    // Two servers of SEQR may give the same reference.
    { name: "IDX_seqr_receipt_ers_reference", on: ["ers_reference", "invoice_id"], unique: true },
    { name: "IDX_seqr_receipt_due", on: ["due_at"], where: RECEIPT_DUE },
  ]);
