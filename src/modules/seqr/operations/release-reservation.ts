import { SeqrError, SeqrResultError } from "../../../seqr";
import type { EndReason } from "../invoice/states";
import { currentInvoice } from "../ledger/find-invoice";
import type { InvoiceRecord } from "../ledger/ledger";
import type { OperationContext } from "./operation-context";
import { pollPaymentStatus } from "./poll-payment-status";
import { recordCall } from "./record-call";
import { takeTransition } from "./take-transition";

/** 95 and 55: SEQR has no reservation any more, because another call has released it, or it has lapsed (PROTOCOL 4.6). */
const ALREADY_RELEASED = [95, 55];

/**
 * Releases a reservation at SEQR. The transition comes first and succeeds for one process only, so that a reservation that is
 * being released cannot be captured. When SEQR does not answer, the watch retries.
 *
 * @returns the invoice afterwards: `canceled`, `releasing`, or `refunding` when SEQR had charged it already
 */
export async function releaseReservation(
  context: OperationContext,
  invoice: InvoiceRecord,
  reason: EndReason,
): Promise<InvoiceRecord> {
  const patch = { reason, attempts: 0, problem: null, capture_key: null };
  const releasing = await takeTransition(context, invoice, "releasing", patch, { from: [invoice.state] });
  return releasing ? continueRelease(context, releasing) : currentInvoice(context, invoice);
}

/** Requests a release again that SEQR has not confirmed. */
export async function continueRelease(
  context: OperationContext,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord> {
  const { client } = context.terminals.of(invoice);
  const call = { source: invoice.reason ?? "merchant", operation: "cancelInvoice" };
  try {
    await client.cancelInvoice(invoice.invoice_reference ?? "");
    await recordCall(context, invoice, { ...call, result: "0" });
    return await end(context, invoice);
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    await recordCall(context, invoice, { ...call, result: error.code });
    if (error instanceof SeqrResultError && ALREADY_RELEASED.includes(error.result.code))
      return end(context, invoice);
    return pollUnreleased(context, invoice, error.code);
  }
}

/** SEQR may have released it without an answer, or have charged it before: a commit whose answer was lost may arrive late. */
async function pollUnreleased(
  context: OperationContext,
  invoice: InvoiceRecord,
  problem: SeqrError["code"],
): Promise<InvoiceRecord> {
  try {
    await pollPaymentStatus(context, invoice, "cancellation");
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
  }
  await context.ledger.update(invoice.id, { attempts: invoice.attempts + 1, problem }, ["releasing"]);
  return currentInvoice(context, invoice);
}

/** The check for an order that core has left unpaid is due later. */
async function end(context: OperationContext, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  await takeTransition(context, invoice, "canceled", { problem: null, attempts: 0 });
  return currentInvoice(context, invoice);
}
