import { model } from "@medusajs/framework/utils";
import { PERIOD_STATES } from "../books/book-words";

/** Orders the periods that have to be processed. The condition of a partial index: a query has to say it word for word. */
export const PERIOD_DUE = "due_at is not null";

/** Periods that need a person. The condition of a partial index: a query has to say it word for word. */
export const PERIOD_OPEN = "(is_open or report_differs or summary_differs)";

/**
 * A transaction period of SEQR that the plugin closed, or tried to: of the shop, or of one terminal. It is written before SEQR is
 * asked to close it, because a closing whose answer is lost cannot be repeated.
 */
export const SeqrPeriod = model
  .define("seqr_period", {
    id: model.id({ prefix: "seqrper" }).primaryKey(),
    /** Address of SEQR's service and id of the merchant's account there. */
    endpoint: model.text(),
    reseller_id: model.text(),
    /** Name and id of the terminal whose period it is; both empty when it is the period of the shop. */
    terminal: model.text().nullable(),
    terminal_id: model.text().nullable(),
    /** Names what is closed: endpoint, account and terminal in one text. The periods of one scope follow each other. */
    scope: model.text(),
    state: model.enum([...PERIOD_STATES]),
    /** SEQR's id of the period. */
    transaction_period_id: model.text().nullable(),
    /** Medusa's id of the member of staff who entered SEQR's id of a lost period; empty when SEQR's answer named it. */
    entered_by: model.text().nullable(),
    /** The day of the schedule that it was closed for, `2026-01-15` in the schedule's time zone; empty when it was closed by hand. */
    closing_day: model.text().nullable(),
    /** Medusa's id of the member of staff who closed it; empty when the schedule did. */
    actor_id: model.text().nullable(),
    /** The end of the period before: when its closing was requested. Empty for the first one of a scope. */
    opened_at: model.dateTime().nullable(),
    /** When SEQR was asked to close it, and when it had answered. */
    requested_at: model.dateTime(),
    marked_at: model.dateTime().nullable(),
    /** When its reports were fetched; empty while they have to be, for the first time or again. */
    reported_at: model.dateTime().nullable(),
    reconciled_at: model.dateTime().nullable(),
    /** What SEQR's own summary says; empty when it is not readable. Decimal string. */
    sales_count: model.number().nullable(),
    sales_total: model.text().nullable(),
    /** When it has to be processed again; empty when there is nothing left to do. */
    due_at: model.dateTime().nullable(),
    /** How often SEQR answered that the report is not ready. */
    attempts: model.number().default(0),
    /** Since when the step at hand fails; empty when it does not. */
    failing_since: model.dateTime().nullable(),
    lease_owner: model.text().nullable(),
    lease_until: model.dateTime().nullable(),
    /** `0`, or the code of the error of the last try. */
    result: model.text().nullable(),
    /** Whether a person has to decide because it is lost or unreported, or the id that was entered may be wrong. */
    is_open: model.boolean().default(false),
    /** Whether a report that was fetched again differs from the first, and no person has accepted that. */
    report_differs: model.boolean().default(false),
    /** Whether SEQR's summary and its rows differ, and no person has accepted that. */
    summary_differs: model.boolean().default(false),
  })
  .indexes([
    // SEQR is asked to close one period of a scope at a time.
    {
      name: "IDX_seqr_period_marking",
      on: ["scope"],
      unique: true,
      where: "state = 'marking' and deleted_at is null",
    },
    {
      name: "IDX_seqr_period_closing_day",
      on: ["scope", "closing_day"],
      unique: true,
      where: "closing_day is not null and state <> 'refused' and deleted_at is null",
    },
    { name: "IDX_seqr_period_transaction_period_id", on: ["transaction_period_id", "scope"], unique: true },
    { name: "IDX_seqr_period_scope_requested_at", on: ["scope", "requested_at"] },
    { name: "IDX_seqr_period_due", on: ["due_at"], where: PERIOD_DUE },
    { name: "IDX_seqr_period_open", on: ["requested_at"], where: PERIOD_OPEN },
  ]);
