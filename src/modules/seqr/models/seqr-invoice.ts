import { model } from "@medusajs/framework/utils";
import { INVOICE_STATES, LIVE_STATES, PAYABLE_STATES, UNRESOLVED_STATES } from "../invoice/states";

const oneOf = (states: readonly string[]): string =>
  `state in (${states.map((one) => `'${one}'`).join(", ")})`;

/** A shopper can pay it, or its payment is being processed. */
export const LIVE = oneOf(LIVE_STATES);
/**
 * Payments that are being processed, and whatever has a problem. The condition of a partial index: a query has to say it
 * word for word, or PostgreSQL may not use the index.
 */
export const UNFINISHED = `(${oneOf(UNRESOLVED_STATES)} or (problem is not null and state <> 'not_issued'))`;

/** One invoice at SEQR, from the intent to send it to its end. Never overwritten by another one. */
export const SeqrInvoice = model
  .define("seqr_invoice", {
    id: model.id({ prefix: "seqrinv" }).primaryKey(),
    session_id: model.text().unique(),
    payment_collection_id: model.text().index("IDX_seqr_invoice_payment_collection_id"),
    cart_id: model.text().index("IDX_seqr_invoice_cart_id").nullable(),
    order_id: model.text().index("IDX_seqr_invoice_order_id").nullable(),
    /** SHA-256 of the shopper's token. */
    token_hash: model.text().unique(),
    /** SHA-256 of the token in the notification address. */
    notification_token_hash: model.text().unique(),
    /** Name of the terminal in the options; empty for invoices from before a store could have several. */
    terminal: model.text().nullable(),
    /** The terminal's id at SEQR. */
    terminal_id: model.text(),
    /** Our number, sent as clientInvoiceId. */
    client_invoice_id: model.text(),
    invoice_reference: model.text().nullable(),
    ers_reference: model.text().nullable(),
    qr_code: model.text().nullable(),
    /** Decimal string. */
    amount: model.text(),
    /** The sum of a change of which no one knows whether SEQR took it; decimal string. */
    pending_amount: model.text().nullable(),
    /** ISO 4217, capitals. */
    currency_code: model.text(),
    /** Seconds for which SEQR keeps a reservation; empty when the shopper is charged at once. */
    reservation_time: model.number().nullable(),
    /** What SEQR has reserved; decimal string. `amount` is what was committed of it, once it was. */
    reserved_amount: model.text().nullable(),
    /** When the plugin learned of the reservation, and until when SEQR keeps it at least. */
    reserved_at: model.dateTime().nullable(),
    reserved_until: model.dateTime().nullable(),
    /** What is committed of the reservation; decimal string. Recorded before SEQR is asked. */
    capture_amount: model.text().nullable(),
    /** Medusa's id of the capture. */
    capture_key: model.text().nullable(),
    state: model.enum([...INVOICE_STATES]),
    state_since: model.dateTime(),
    reason: model.text().nullable(),
    /** Newest version seen at SEQR. */
    version: model.number().default(0),
    expires_at: model.dateTime(),
    observed_at: model.dateTime().nullable(),
    notified_at: model.dateTime().nullable(),
    /** When a payment page last asked. */
    viewed_at: model.dateTime().nullable(),
    paid_at: model.dateTime().nullable(),
    completed_at: model.dateTime().nullable(),
    /** When the watch has to process it again; empty when there is nothing left to do. */
    due_at: model.dateTime().nullable(),
    /** The process that has the lease, and the end of the lease. */
    lease_owner: model.text().nullable(),
    lease_until: model.dateTime().nullable(),
    /** Failed tries of the step at hand. */
    attempts: model.number().default(0),
    /** Code of the error that stands in the way. */
    problem: model.text().nullable(),
    /** Counts the changes of `problem` (a trigger does). */
    problem_no: model.number().default(0),
    /** What the problem is about where it is not the payment as a whole: Medusa's id of a refund. */
    problem_about: model.text().nullable(),
    /** SEQR's reference of a payment over another sum than any that was asked for. */
    disputed_reference: model.text().nullable(),
    /** What SEQR says that it took, in the invoice's currency. Decimal string. */
    disputed_amount: model.text().nullable(),
  })
  .indexes([
    {
      name: "IDX_seqr_invoice_payable",
      on: ["payment_collection_id"],
      unique: true,
      where: `${oneOf(PAYABLE_STATES)} and deleted_at is null`,
    },
    // Each server of SEQR counts for itself, so that two of them may give the same reference.
    {
      name: "IDX_seqr_invoice_invoice_reference",
      on: ["invoice_reference", "terminal_id", "terminal"],
      unique: true,
    },
    {
      name: "IDX_seqr_invoice_ers_reference",
      on: ["ers_reference", "terminal_id", "terminal"],
      unique: true,
    },
    { name: "IDX_seqr_invoice_unfinished", on: ["state_since"], where: UNFINISHED },
    { name: "IDX_seqr_invoice_terminal_paid_at", on: ["terminal", "paid_at"], where: "paid_at is not null" },
    { name: "IDX_seqr_invoice_due", on: ["due_at"], where: "due_at is not null" },
    // What a report may have of payments without a reference in the ledger.
    {
      name: "IDX_seqr_invoice_disputed_reference",
      on: ["disputed_reference"],
      where: "disputed_reference is not null",
    },
    { name: "IDX_seqr_invoice_reversed", on: ["terminal_id", "amount"], where: "reason = 'reversed'" },
    // The list of payments: of all, of a terminal in a currency, and of a state with and without a problem.
    { name: "IDX_seqr_invoice_created_at", on: ["created_at", "id"] },
    {
      name: "IDX_seqr_invoice_terminal_created_at",
      on: ["terminal", "currency_code", "created_at", "id"],
    },
    {
      name: "IDX_seqr_invoice_state_created_at",
      on: ["state", "created_at", "id"],
      where: "problem is null",
    },
    {
      name: "IDX_seqr_invoice_problem_created_at",
      on: ["state", "created_at", "id"],
      where: "problem is not null",
    },
  ]);
