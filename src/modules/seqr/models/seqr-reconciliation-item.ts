import { model } from "@medusajs/framework/utils";
import { CAUSES, ITEM_CLASSES } from "../books/book-words";

/** Differences that need a person. The condition of a partial index: a query has to say it word for word. */
export const OPEN_DIFFERENCE = "is_open";
/** Refunds that a report has. @see OPEN_DIFFERENCE */
export const REPORTED_REFUND = "kind = 'refund' and row_number is not null";
/** Rows that may be a refund whose reference the ledger does not have. @see OPEN_DIFFERENCE */
export const PROPOSED_REFUND = "cause = 'perhaps_unknown_refund'";

/**
 * What the reconciliation says of one transaction of a period. All items of a period are written together, whenever it is
 * reconciled anew.
 */
export const SeqrReconciliationItem = model
  .define("seqr_reconciliation_item", {
    id: model.id({ prefix: "seqritem" }).primaryKey(),
    period_id: model.text(),
    /** As the period's. */
    scope: model.text(),
    /** Order of the items: that of the report's rows; then what the report does not have, oldest first. From 1. */
    number: model.number(),
    /** The row of the report; empty when the report does not have the transaction. */
    row_number: model.number().nullable(),
    kind: model.enum(["payment", "refund"]),
    class: model.enum([...ITEM_CLASSES]),
    cause: model.enum([...CAUSES]).nullable(),
    /** Terminal, cashier and reference as SEQR reports them; as the ledger has them where the report has no row. */
    terminal_id: model.text(),
    cashier_id: model.text().nullable(),
    ers_reference: model.text().nullable(),
    /** ISO 4217; of the ledger's payment, or of the terminal when it has only one. Empty when neither is known. */
    currency_code: model.text().nullable(),
    /** Decimal strings, below zero for refunds: in the report, in the ledger, in Medusa. Empty where there is none. */
    reported_amount: model.text().nullable(),
    expected_amount: model.text().nullable(),
    medusa_amount: model.text().nullable(),
    invoice_id: model.text().nullable(),
    refund_id: model.text().nullable(),
    order_id: model.text().nullable(),
    /** When the ledger learned of it; empty when the ledger does not have it. */
    occurred_at: model.dateTime().nullable(),
    /** The earlier period to which our clock assigns it. */
    carried_from: model.text().nullable(),
    /** The period that has it instead: in its report, or as missing when no report has it. */
    carried_to: model.text().nullable(),
    /** Whether a person has to decide. */
    is_open: model.boolean().default(false),
    /** Who accepted the difference, when and why. */
    accepted_by: model.text().nullable(),
    accepted_at: model.dateTime().nullable(),
    accepted_reason: model.text().nullable(),
  })
  .indexes([
    { name: "IDX_seqr_reconciliation_item_number", on: ["period_id", "number"], unique: true },
    { name: "IDX_seqr_reconciliation_item_class", on: ["period_id", "class", "number"] },
    { name: "IDX_seqr_reconciliation_item_reference", on: ["ers_reference", "scope"] },
    { name: "IDX_seqr_reconciliation_item_open", on: ["period_id"], where: OPEN_DIFFERENCE },
    { name: "IDX_seqr_reconciliation_item_carried_to", on: ["carried_to"], where: "carried_to is not null" },
    { name: "IDX_seqr_reconciliation_item_refund", on: ["period_id"], where: REPORTED_REFUND },
    { name: "IDX_seqr_reconciliation_item_proposed", on: ["refund_id"], where: PROPOSED_REFUND },
  ]);
