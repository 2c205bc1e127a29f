import type { OperationContext } from "./operation-context";
import { currentInvoice } from "../ledger/find-invoice";
import type { InvoiceRecord } from "../ledger/ledger";
import { seqrError } from "../../../errors/error-codes";
import { toMedusaError } from "../../../errors/seqr-errors";
import { isEnded, isOfReservation, type StateOfReservation } from "../invoice/states";
import { pollPaymentStatus } from "./poll-payment-status";
import { takeTransition } from "./take-transition";

/**
 * Authorizes a session's payment: reads the ledger, polls SEQR if needed, and moves the invoice from `paid` to `captured`, or from
 * `reserved` to `authorized`. The transition succeeds once, so that a cart which two servers complete at the same time becomes one order.
 *
 * @param totalOf reads what the invoice has to pay as it is now, decimal string; undefined where that is not known
 * @throws {MedusaError} SEQR_SESSION_UNKNOWN, SEQR_AMOUNT_DIFFERS, SEQR_WAITING, SEQR_PAYMENT_ENDED,
 * SEQR_PAYMENT_REFUNDED, SEQR_BUSY, or the client's code when SEQR does not answer
 */
export async function authorizePayment(
  context: OperationContext,
  sessionId: string,
  totalOf: (invoice: InvoiceRecord) => Promise<string | undefined>,
): Promise<InvoiceRecord> {
  const invoice = await context.ledger.find({ session_id: sessionId });
  if (!invoice) throw seqrError("SEQR_SESSION_UNKNOWN");
  const total = await totalOf(invoice);
  // Checked before SEQR is polled: a poll would acknowledge a payment that does not fit the cart.
  refuseOtherAmount(invoice, total);
  const polled = await pollIfUnpaid(context, invoice);
  refuseOtherAmount(polled, total);
  return capture(context, polled);
}

function refuseOtherAmount(
  { amount, reserved_amount, pending_amount }: InvoiceRecord,
  total: string | undefined,
): void {
  // SEQR does not tell what it has reserved, and may have taken a change that it did not confirm.
  if (reserved_amount !== null && pending_amount !== null)
    throw seqrError("SEQR_AMOUNT_DIFFERS", `The invoice's total is ${amount} or ${pending_amount}.`);
  const confirmed = reserved_amount ?? amount;
  if (total === undefined || total === confirmed) return;
  throw seqrError("SEQR_AMOUNT_DIFFERS", `The cart's total is ${total}, the invoice's ${confirmed}.`);
}

/** Polls an invoice, unless the ledger knows already how it ended. */
async function pollIfUnpaid(context: OperationContext, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { state, notified_at, state_since } = invoice;
  const mayBePaid =
    state === "open" ||
    state === "unacknowledged" ||
    (isEnded(state) && notified_at !== null && notified_at > state_since);
  if (!mayBePaid) return invoice;
  try {
    return await pollPaymentStatus(context, invoice, "completion");
  } catch (error) {
    throw toMedusaError(error);
  }
}

/** Takes the transition to `captured`, or says why the payment is not authorized. */
async function capture(context: OperationContext, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { state } = invoice;
  if (isOfReservation(state)) return authorizeReservation(context, invoice, state);
  switch (state) {
    case "paid": {
      const captured = await takeTransition(context, invoice, "captured", { problem: null });
      if (captured) return captured;
      const now = await currentInvoice(context, invoice);
      return now.state !== "paid" ? capture(context, now) : Promise.reject(seqrError("SEQR_BUSY"));
    }
    // Another completion has captured it, in this process or in another one.
    case "captured":
      throw seqrError("SEQR_BUSY");
    case "completed":
    case "refund_due":
      return invoice;
    case "sending":
    case "open":
    case "unacknowledged":
      throw seqrError("SEQR_WAITING");
    case "refunding":
    case "refunded":
      throw seqrError("SEQR_PAYMENT_REFUNDED");
    case "canceling":
    case "closed_by_staff":
    case "canceled":
    case "expired":
    case "failed":
    case "not_issued":
      if (invoice.reason === "reversed") throw seqrError("SEQR_PAYMENT_REFUNDED");
      throw seqrError("SEQR_PAYMENT_ENDED", `The invoice is ${invoice.state}.`);
  }
}

/** Takes the transition to `authorized`, or says why the payment is not authorized. */
async function authorizeReservation(
  context: OperationContext,
  invoice: InvoiceRecord,
  state: StateOfReservation,
): Promise<InvoiceRecord> {
  switch (state) {
    case "reserved": {
      const authorized = await takeTransition(context, invoice, "authorized", { problem: null });
      if (authorized) return authorized;
      const now = await currentInvoice(context, invoice);
      return now.state !== "reserved" ? capture(context, now) : Promise.reject(seqrError("SEQR_BUSY"));
    }
    // Another completion has it.
    case "authorized":
      throw seqrError("SEQR_BUSY");
    case "awaiting_capture":
    case "capturing":
    case "committed":
      return invoice;
    case "releasing":
    case "lapsed":
      throw seqrError("SEQR_PAYMENT_ENDED", `The invoice is ${state}.`);
  }
}
