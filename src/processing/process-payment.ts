import type { ErrorCode } from "../errors/error-codes";
import {
  acquireLease,
  currentInvoice,
  isAbandonedOrderCheckDue,
  isOfReservation,
  isOverdue,
  isTerminalUnknown,
  patchInvoice,
  SHORT_WAIT,
  takeTransition,
  waitForLease,
  workUnderLease,
  type InvoiceRecord,
  type PollSource,
  type StateOfReservation,
} from "../modules/seqr/public";
import { attendReservation } from "./captures/attend-reservation";
import { confirmCapture, endLapsed, resumeCapture } from "./captures/confirm-capture";
import { releaseAgain } from "./captures/release";
import { completeCartThenPoll } from "./complete-cart-then-poll";
import { cancelAbandonedOrder } from "./cancel-abandoned-order";
import { ContinueFrom, logAbout, type PaymentRun } from "./payment-run";
import { confirmOrder, placeOrder } from "./place-order";
import { pollEnded } from "./poll-ended";
import { pollInvoice } from "./poll-invoice";
import type { ProcessingContext } from "./processing-context";
import { checkCompletedOrder } from "./record-capture";
import { refundRemaining } from "./refund-unplaceable";

/**
 * Brings Medusa to the state that SEQR reports: the order is placed and its payment captured, or the payment is refunded.
 * Every caller that learns of a payment uses it; it is safe to call at any time, repeatedly and concurrently.
 *
 * @returns the invoice afterwards; while another process has its lease, as it is now
 */
export async function processPayment(
  context: ProcessingContext,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  const { seqr } = context;
  const leased = await acquireLease(seqr, invoice);
  if (leased) return processLeased(context, leased, source);
  await seqr.ledger.scheduleNow(invoice.id, seqr.clock.now());
  return currentInvoice(seqr, invoice);
}

/**
 * Processes a payment, and waits some seconds while another process has its lease. After that the watch continues.
 *
 * @returns the invoice afterwards
 */
export async function processPaymentAndWait(
  context: ProcessingContext,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  const { seqr } = context;
  let current = invoice;
  const uncompleted = async (): Promise<InvoiceRecord | undefined> => {
    current = await currentInvoice(seqr, invoice);
    return current.state === "completed" ? undefined : current;
  };
  const lease = await waitForLease(seqr, uncompleted, SHORT_WAIT);
  if (lease === undefined) return current;
  if (lease !== "busy") return processLeased(context, lease.invoice, source);
  await seqr.ledger.scheduleNow(invoice.id, seqr.clock.now());
  return currentInvoice(seqr, invoice);
}

/** Processes a payment whose lease the caller has acquired, and releases the lease. */
export function processLeased(
  context: ProcessingContext,
  leased: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  return workUnderLease(context.seqr, leased, () => takeSteps({ ...context, source }, leased));
}

/** Takes every step that is possible now. */
async function takeSteps(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  try {
    let result = await takeStep(run, invoice);
    while (result instanceof ContinueFrom) result = await takeStep(run, result.invoice);
    return result;
  } catch (error) {
    if (!isTerminalUnknown(error)) throw error;
    return waitForTerminal(run, await currentInvoice(run.seqr, invoice));
  }
}

/** Lists an invoice whose terminal the options name no longer. It stays as it is until they do. */
async function waitForTerminal(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const problem: ErrorCode = "SEQR_TERMINAL_UNKNOWN";
  if (invoice.problem === problem || !(await patchInvoice(run.seqr, invoice, { problem }))) return invoice;
  logAbout(run, "error", invoice, `cannot be processed (${problem})`);
  return { ...invoice, problem };
}

/** Takes the step of the invoice's state. */
async function takeStep(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord | ContinueFrom> {
  const { state } = invoice;
  if (isOfReservation(state)) return takeReservationStep(run, invoice, state);
  switch (state) {
    case "sending":
      return giveUpSending(run, invoice);
    case "open":
      return run.source === "notification" ? completeCartThenPoll(run, invoice) : pollInvoice(run, invoice);
    case "unacknowledged":
      // A poll would acknowledge the payment, and SEQR would not reverse it any more.
      return isOverdue(invoice, run.seqr.clock.now()) ? pollInvoice(run, invoice) : invoice;
    case "canceling":
      return pollInvoice(run, invoice);
    case "paid":
      return placeOrder(run, invoice);
    case "captured":
      return confirmOrder(run, invoice);
    case "refund_due":
    case "refunding":
      return refundRemaining(run, invoice);
    case "canceled":
    case "expired":
    case "failed":
      return pollEnded(run, invoice);
    case "refunded":
    case "not_issued":
      // Core may have written an order, and its process crashed before the payment. The watch checks that once, a minute after the
      // invoice ended. Another caller checks it after that time only: until then core may still be placing the order.
      return run.source === "watch" || isAbandonedOrderCheckDue(invoice, run.seqr.clock.now())
        ? cancelAbandonedOrder(run, invoice)
        : invoice;
    case "completed":
      return run.source === "watch" ? checkCompletedOrder(run, invoice) : invoice;
    case "closed_by_staff":
      return invoice;
  }
}

/** Takes the step of a reservation's state. */
async function takeReservationStep(
  run: PaymentRun,
  invoice: InvoiceRecord,
  state: StateOfReservation,
): Promise<InvoiceRecord | ContinueFrom> {
  switch (state) {
    case "reserved":
      return placeOrder(run, invoice);
    case "authorized":
      return confirmOrder(run, invoice);
    case "awaiting_capture":
      return attendReservation(run, invoice);
    case "capturing":
      return resumeCapture(run, invoice);
    case "committed":
      return confirmCapture(run, invoice);
    case "releasing":
      return releaseAgain(run, invoice);
    case "lapsed":
      return endLapsed(run, invoice);
  }
}

/** Ends an invoice whose sending process has crashed: its code was never shown, so no one can pay it. */
async function giveUpSending({ seqr }: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  if (!isOverdue(invoice, seqr.clock.now())) return invoice;
  return (await takeTransition(seqr, invoice, "not_issued", { reason: "not_sent" })) ?? invoice;
}
