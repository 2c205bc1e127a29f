import { SeqrError, SeqrResultError } from "../../../seqr";
import { nextDue } from "../invoice/polling-schedule";
import { after } from "../../../clock";
import type { OperationContext } from "./operation-context";
import { currentInvoice } from "../ledger/find-invoice";
import type { InvoiceRecord, Observation } from "../ledger/ledger";
import type { ErrorCode } from "../../../errors/error-codes";
import { STATE_TABLE } from "../invoice/state-table";
import { canceledState, PAYABLE_STATES, type EndReason } from "../invoice/states";
import { pollPaymentStatus } from "./poll-payment-status";
import { recordCall } from "./record-call";
import { takeTransition } from "./take-transition";

/**
 * Outcome of a cancellation. `canceled`: no one can pay the invoice any more. `paying`: it is being paid or was paid, and is
 * polled soon. `unknown`: SEQR did not answer, or the options name its terminal no longer; the watch retries.
 */
export type CancelOutcome = "canceled" | "paying" | "unknown";

/** 95 and 55: the invoice was cancelled by another call (PROTOCOL 4.6). */
const ALREADY_CANCELED = [95, 55];
/** 50, 51, 48: the shopper is paying or has paid; 58: the payment timed out, and its status tells how it ended. */
const PAYING = [50, 51, 48, 58];

/** Whether SEQR refused to cancel an invoice because it is being paid or was paid. */
export function isBeingPaid({ operation, result }: Observation): boolean {
  return operation === "cancelInvoice" && PAYING.some((code) => result === `SEQR_${code}`);
}

/** Milliseconds until an invoice that is being paid is polled again. */
const PAYING_PAUSE = 1_000;

/**
 * Cancels an invoice at SEQR. An invoice that has already ended is left as it is. The reason is recorded before SEQR is
 * called, so that the shopper reads the right one whichever process sees the end first.
 *
 * @param isLeased whether the caller has the lease and continues from the outcome; otherwise the watch is scheduled
 */
export async function cancelInvoice(
  context: OperationContext,
  invoice: InvoiceRecord,
  reason: EndReason,
  isLeased = false,
): Promise<CancelOutcome> {
  const { ledger, clock } = context;
  const scheduleWatch = async (dueAt: Date | null): Promise<void> => {
    if (!isLeased && dueAt) await ledger.scheduleNow(invoice.id, dueAt);
  };
  // It stays unpolled until SEQR has reversed its payment.
  if (invoice.state === "unacknowledged") return "paying";
  if (isPlacing(invoice)) {
    await scheduleWatch(clock.now());
    return "paying";
  }
  if (!isCancelable(invoice) || invoice.invoice_reference === null) return "canceled";
  if (!context.terminals.find(invoice)) {
    // The watch cancels it when the options name its terminal again.
    const { problem, attempts } = invoice;
    await keepCanceling(context, invoice, { reason, problem, attempts });
    return "unknown";
  }
  if (invoice.reservation_time !== null) {
    // SEQR would also cancel what the shopper has confirmed, as long as it is only reserved.
    const polled = await pollIfCancelable(context, invoice);
    if (isPlacing(polled)) return "paying";
    if (!isCancelable(polled)) return "canceled";
  }
  await ledger.update(invoice.id, { reason }, ["open"]);
  const call = { source: reason, operation: "cancelInvoice" };
  try {
    await context.terminals.of(invoice).client.cancelInvoice(invoice.invoice_reference);
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    await recordCall(context, invoice, { ...call, result: error.code });
    const result = error instanceof SeqrResultError ? error.result.code : undefined;
    if (result !== undefined && PAYING.includes(result)) {
      await ledger.update(invoice.id, { reason: null }, ["open"]);
      // While another process has the lease, it is polling already: delay the next poll.
      const pause = invoice.lease_owner === null ? 0 : PAYING_PAUSE;
      await scheduleWatch(after(clock.now(), pause));
      return "paying";
    }
    if (result !== undefined && ALREADY_CANCELED.includes(result)) {
      await endCanceledElsewhere(context, invoice, reason);
      return "canceled";
    }
    const patch = { reason, problem: error.code, attempts: invoice.attempts + 1 };
    if (await keepCanceling(context, invoice, patch))
      await scheduleWatch(nextDue({ ...invoice, ...patch, state: "canceling" }, clock.now()));
    return "unknown";
  }
  await recordCall(context, invoice, { ...call, result: "0" });
  await end(context, invoice, reason, null);
  return "canceled";
}

/** From `open` a transition, in `canceling` another failed attempt. The invoice may have moved on while SEQR was silent. */
async function keepCanceling(
  context: OperationContext,
  invoice: InvoiceRecord,
  patch: Pick<InvoiceRecord, "reason" | "problem" | "attempts">,
): Promise<boolean> {
  const { ledger } = context;
  const canceling = await takeTransition(context, invoice, "canceling", patch, { keepsDueTime: true });
  return canceling !== undefined || (await ledger.update(invoice.id, patch, ["canceling"]));
}

/** Ends an invoice that another call has cancelled. SEQR knows whether the shopper had paid it. */
async function endCanceledElsewhere(
  context: OperationContext,
  invoice: InvoiceRecord,
  reason: EndReason,
): Promise<void> {
  const polled = await pollIfCancelable(context, await currentInvoice(context, invoice));
  if (polled.notified_at) await end(context, invoice, "reversed", "SEQR_REVERSED");
  else await end(context, invoice, reason, null);
}

/** The check for an abandoned order is due later, because a crashed process may have left one. */
async function end(
  context: OperationContext,
  invoice: InvoiceRecord,
  reason: EndReason,
  problem: ErrorCode | null,
): Promise<void> {
  const patch = { reason, problem, attempts: 0 };
  await takeTransition(context, invoice, canceledState(reason), patch, { from: PAYABLE_STATES });
}

/** Polls an invoice, unless the ledger knows by now how it ended, or SEQR does not answer. */
async function pollIfCancelable(context: OperationContext, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  if (!isCancelable(invoice)) return invoice;
  try {
    return await pollPaymentStatus(context, invoice, "cancellation");
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    return invoice;
  }
}

/** Whether the money is becoming the order. */
function isPlacing({ state }: InvoiceRecord): boolean {
  return STATE_TABLE[state].purchase === "placing";
}

function isCancelable({ state }: InvoiceRecord): boolean {
  return state === "open" || state === "canceling";
}
