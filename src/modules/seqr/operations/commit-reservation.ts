import { after } from "../../../clock";
import { compare, SeqrError, SeqrResultError, type InvoiceRow } from "../../../seqr";
import { seqrError } from "../../../errors/error-codes";
import { toMedusaError } from "../../../errors/seqr-errors";
import { CAPTURE_TAKEN_OVER_AFTER } from "../invoice/time-limits";
import { currentInvoice } from "../ledger/find-invoice";
import type { InvoiceRecord } from "../ledger/ledger";
import { invoiceInput } from "./invoice-input";
import type { OperationContext } from "./operation-context";
import { pollPaymentStatus, type PollSource } from "./poll-payment-status";
import { recordCall } from "./record-call";
import { takeTransition } from "./take-transition";

/** The content of a capture. */
export interface CaptureInput {
  /** Decimal string. */
  amount: string;
  /** Medusa's capture id. */
  key: string;
  /** The final rows, when the order was edited since the shopper confirmed it. */
  rows?: InvoiceRow[];
}

/** Code 96: SEQR has no reservation of the invoice, because it was committed, released, or has lapsed. */
const NOT_RESERVED = 96;

/**
 * Captures a reservation at SEQR, in full or in part, exactly once. The intent is recorded first, in a transition that succeeds
 * for one process only: a reservation that is being captured cannot be released. After a lost answer the status is polled, and
 * only while SEQR still has the reservation the same amount is committed again. SEQR commits an invoice once, so of two such
 * requests the later one is refused.
 *
 * @returns the invoice: `committed`, `lapsed`, or `capturing` while the outcome is unknown
 * @throws {MedusaError} SEQR_AMOUNT, SEQR_CAPTURE_TOO_HIGH, SEQR_BUSY when the invoice has moved on, or the client's code when SEQR
 * refused; the reservation then waits for another capture
 */
export async function commitReservation(
  context: OperationContext,
  invoice: InvoiceRecord,
  { amount, key, rows }: CaptureInput,
): Promise<InvoiceRecord> {
  const { clock } = context;
  const most = invoice.reserved_amount ?? invoice.amount;
  if (compare(amount, "0") <= 0) throw seqrError("SEQR_AMOUNT", `It is ${amount}.`);
  if (compare(amount, most) > 0)
    throw seqrError("SEQR_CAPTURE_TOO_HIGH", `${most} ${invoice.currency_code} is reserved.`);
  const patch = { capture_amount: amount, capture_key: key, attempts: 0, problem: null };
  // While this process works on it, the watch may poll the invoice, and does no harm.
  const due_at = after(clock.now(), CAPTURE_TAKEN_OVER_AFTER);
  const capturing = await takeTransition(context, invoice, "capturing", { ...patch, due_at });
  if (!capturing) throw seqrError("SEQR_BUSY");
  if (rows) await sendFinalRows(context, capturing, rows);
  try {
    await requestCommit(context, capturing, "staff");
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    if (error.outcome === "unknown" || isNotReserved(error))
      return continueCommit(context, capturing, "staff");
    const refused = { capture_amount: null, capture_key: null, problem: invoice.problem };
    await takeTransition(context, capturing, "awaiting_capture", refused);
    throw toMedusaError(error);
  }
  return confirmCommit(context, capturing, "staff");
}

/**
 * Finds out what came of a commit whose outcome is unknown, and requests it again when SEQR still has the reservation.
 *
 * @returns the invoice: `committed`, `lapsed`, or still `capturing`, and then the watch continues
 */
export async function continueCommit(
  context: OperationContext,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  try {
    const polled = await pollPaymentStatus(context, invoice, source);
    if (polled.state !== "capturing" || polled.disputed_reference !== null) return polled;
    await requestCommit(context, polled, source);
    return await confirmCommit(context, polled, source);
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    // A refusal of the repetition does not tell the outcome of the first request: the next poll does.
    const failed = { attempts: invoice.attempts + 1, ...(!isNotReserved(error) && { problem: error.code }) };
    await context.ledger.update(invoice.id, failed, ["capturing"]);
    return currentInvoice(context, invoice);
  }
}

/**
 * Polls SEQR after it has accepted a commit: only a poll tells the payment's reference, and acknowledges the payment. Until then
 * SEQR may reverse it.
 */
async function confirmCommit(
  context: OperationContext,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  try {
    return await pollPaymentStatus(context, invoice, source);
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    await context.ledger.scheduleNow(invoice.id, context.clock.now());
    return currentInvoice(context, invoice);
  }
}

async function requestCommit(
  context: OperationContext,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<void> {
  const { client } = context.terminals.of(invoice);
  const { invoice_reference, capture_amount, amount, currency_code } = invoice;
  const call = { source, operation: "commitReservation" };
  try {
    await client.commitReservation(invoice_reference ?? "", {
      currency: currency_code,
      value: capture_amount ?? amount,
    });
    await recordCall(context, invoice, { ...call, result: "0" });
  } catch (error) {
    if (error instanceof SeqrError) await recordCall(context, invoice, { ...call, result: error.code });
    throw error;
  }
}

/** Sends the rows of an edited order. The amount that is committed does not depend on it, so a failure changes nothing. */
async function sendFinalRows(
  context: OperationContext,
  invoice: InvoiceRecord,
  rows: InvoiceRow[],
): Promise<void> {
  const { client, options } = context.terminals.of(invoice);
  const { invoice_reference, capture_amount, amount } = invoice;
  const content = invoiceInput(options, { ...invoice, amount: capture_amount ?? amount }, rows);
  const call = { source: "staff", operation: "updateInvoice" };
  try {
    await client.updateInvoice(invoice_reference ?? "", content);
    await recordCall(context, invoice, { ...call, result: "0" });
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    await recordCall(context, invoice, { ...call, result: error.code });
  }
}

function isNotReserved(error: SeqrError): boolean {
  return error instanceof SeqrResultError && error.result.code === NOT_RESERVED;
}
