import { nextDue } from "../invoice/polling-schedule";
import type { OperationContext } from "./operation-context";
import type { InvoiceRecord } from "../ledger/ledger";
import { seqrError, toMedusaError } from "../../../errors/error-codes";
import { isEnded } from "../invoice/states";
import { pollPaymentStatus } from "./poll-payment-status";

/**
 * Confirms to Medusa that the money of a payment session is there, and hands it over: from what the ledger knows,
 * otherwise by observing. One completion gets it and no other, so that a cart which two servers complete at once
 * becomes one order.
 *
 * @param total the cart's total as it is now, decimal string; undefined where there is no cart
 * @throws {MedusaError} SEQR_SESSION_UNKNOWN, SEQR_AMOUNT_DIFFERS, SEQR_WAITING, SEQR_PAYMENT_ENDED,
 * SEQR_PAYMENT_REFUNDED, SEQR_BUSY, or the client's code when SEQR does not answer
 */
export async function authorizePayment(
  context: OperationContext,
  sessionId: string,
  total: string | undefined,
): Promise<InvoiceRecord> {
  const invoice = await context.ledger.find({ session_id: sessionId });
  if (!invoice) throw seqrError("SEQR_SESSION_UNKNOWN");
  // Before anything is read at SEQR: money that does not fit is not acknowledged.
  refuseOtherSum(invoice, total);
  const seen = await observed(context, invoice);
  refuseOtherSum(seen, total);
  return captured(context, seen);
}

function refuseOtherSum({ amount }: InvoiceRecord, total: string | undefined): void {
  if (total === undefined || total === amount) return;
  throw seqrError("SEQR_AMOUNT_DIFFERS", `The cart's total is ${total}, the invoice's ${amount}.`);
}

/** The invoice as SEQR has it now, unless the ledger already knows how it ended. */
async function observed(context: OperationContext, invoice: InvoiceRecord): Promise<InvoiceRecord> {
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

async function captured(context: OperationContext, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { ledger, clock } = context;
  switch (invoice.state) {
    case "paid": {
      const state_since = clock.now();
      const due_at = nextDue({ ...invoice, state: "captured", state_since }, state_since);
      const moved = await ledger.transition(invoice.id, "captured", { state_since, due_at, problem: null });
      if (moved) return moved;
      const now = await ledger.find({ id: invoice.id });
      return now && now.state !== "paid" ? captured(context, now) : Promise.reject(seqrError("SEQR_BUSY"));
    }
    // Another completion has it, in this process or in another one.
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
    default:
      if (invoice.reason === "reversed") throw seqrError("SEQR_PAYMENT_REFUNDED");
      throw seqrError("SEQR_PAYMENT_ENDED", `The invoice is ${invoice.state}.`);
  }
}
