import {
  cancelInvoice,
  currentInvoice,
  pollPaymentStatus,
  type EndReason,
  type InvoiceRecord,
} from "../modules/seqr/public";
import { SeqrError } from "../seqr";
import { whyExtraPaymentImpossible, whyOrderNeedsNoPayment } from "./check-order";
import { leaveUnacknowledged } from "./leave-unacknowledged";
import { ContinueFrom, continueIfChanged, logAbout, type PaymentRun } from "./payment-run";

/** Learns the state of a payable invoice from SEQR, or cancels it: when its lifetime is over, or no one is to pay it any more. */
export async function pollInvoice(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { state } = invoice;
  const now = run.seqr.clock.now();
  if (state === "canceling") return cancel(run, invoice, invoice.reason ?? "merchant");
  if (state === "open" && invoice.expires_at <= now) return cancel(run, invoice, "lifetime");
  if (state !== "open" && state !== "unacknowledged") return new ContinueFrom(invoice);
  // A poll acknowledges the payment. So an invoice that no one is to pay any more is cancelled instead.
  const obsolete = state === "open" ? await whyObsolete(run, invoice) : undefined;
  if (obsolete) return cancelObsolete(run, invoice, obsolete);
  return continueIfChanged(invoice, await pollStatus(run, invoice));
}

/** Polls SEQR. When SEQR does not answer, the invoice stays as it is. */
export async function pollStatus(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  try {
    return await pollPaymentStatus(run.seqr, invoice, run.source);
  } catch (error) {
    if (!(error instanceof SeqrError)) throw error;
    logAbout(run, "warn", invoice, `could not be polled: ${error.message}`);
    return invoice;
  }
}

/**
 * Cancels an invoice. Polls once more when SEQR refused, because the shopper is paying, and at the end of a lifetime,
 * because no one polls the invoice later.
 */
async function cancel(
  run: PaymentRun,
  invoice: InvoiceRecord,
  reason: EndReason,
): Promise<InvoiceRecord | ContinueFrom> {
  const outcome = await cancelInvoice(run.seqr, invoice, reason, true);
  const current = await currentInvoice(run.seqr, invoice);
  if (outcome === "unknown" || (outcome === "canceled" && reason !== "lifetime")) return current;
  return continueIfChanged(current, await pollStatus(run, current));
}

/** Cancels an open invoice that no one is to pay. One that is being paid is not polled, so that SEQR reverses the payment. */
async function cancelObsolete(
  run: PaymentRun,
  invoice: InvoiceRecord,
  reason: EndReason,
): Promise<InvoiceRecord | ContinueFrom> {
  const outcome = await cancelInvoice(run.seqr, invoice, "superseded", true);
  const current = await currentInvoice(run.seqr, invoice);
  if (outcome === "paying" && current.state === "open") {
    return leaveUnacknowledged(run, current, reason, "its purchase is not to be paid with it any more");
  }
  // The watch cancels it again.
  if (outcome === "unknown") return current;
  return continueIfChanged(invoice, current);
}

/**
 * Why no one is to pay an open invoice any more, if so. Core cancels the invoice of a cart when the cart changes, but leaves
 * the sessions of an order as they are when the order is changed, cancelled or completed without them. For carts the watch
 * does not ask the store, because the event about the order causes a run.
 */
async function whyObsolete(
  { source, store }: PaymentRun,
  invoice: InvoiceRecord,
): Promise<EndReason | undefined> {
  if (invoice.cart_id !== null && source === "watch") return undefined;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (!purchase) return "session_gone";
  // Medusa may have captured the payment: a ledger that was restored from a backup does not know.
  if (purchase.paymentId !== undefined) return undefined;
  if (purchase.cartId === undefined) return whyExtraPaymentImpossible(store, invoice, purchase);
  if (purchase.orderId === undefined) return undefined;
  return purchase.paidOtherwise ? "paid_twice" : whyOrderNeedsNoPayment(store, purchase.orderId);
}
