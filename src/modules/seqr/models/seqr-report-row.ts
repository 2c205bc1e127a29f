import { model } from "@medusajs/framework/utils";

/** A row of a detailed report: one transaction as SEQR has it. */
export const SeqrReportRow = model
  .define("seqr_report_row", {
    id: model.id({ prefix: "seqrrow" }).primaryKey(),
    period_id: model.text(),
    /** Its place in the report, from 1. */
    row_number: model.number(),
    terminal_id: model.text(),
    cashier_id: model.text().nullable(),
    /** Decimal string; below zero for a refund. Reports name no currency. */
    amount: model.text(),
    ers_reference: model.text(),
  })
  .indexes([{ name: "IDX_seqr_report_row_number", on: ["period_id", "row_number"], unique: true }]);
