import { inTime } from "../clock";
import { COMPLETION_TIME_LIMIT, currentInvoice, type InvoiceRecord } from "../modules/seqr/public";
import { completeCartExclusively } from "./complete-cart-exclusively";
import { reasonOf } from "./end-reasons";
import { leaveUnacknowledged } from "./leave-unacknowledged";
import { continueIfChanged, type ContinueFrom, type PaymentRun } from "./payment-run";
import { pollInvoice } from "./poll-invoice";

/**
 * Completes the cart of an announced payment before SEQR is polled: `authorizePayment`, which core calls as the last act of
 * the completion, polls it. A payment whose cart cannot become an order is therefore never acknowledged, and SEQR reverses
 * it. After the time limit SEQR is polled anyway, so that a slow completion causes no reversal.
 */
export async function completeCartThenPoll(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr, store } = run;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (!purchase) return leaveUnacknowledged(run, invoice, "session_gone", "the payment session is gone");
  const { cartId } = purchase;
  if (cartId === undefined) return pollInvoice(run, invoice);
  const completing = completeCartExclusively(run, invoice, cartId, false);
  const completion = await inTime(seqr.clock, completing, COMPLETION_TIME_LIMIT);
  const current = await currentInvoice(seqr, invoice);
  switch (completion?.outcome) {
    case "impossible":
      // SEQR does not reverse a reservation: it is polled, and released.
      if (current.state === "open" && current.reservation_time !== null) return pollInvoice(run, current);
      return current.state === "open"
        ? leaveUnacknowledged(run, current, reasonOf(completion), completion.message)
        : continueIfChanged(invoice, current);
    case "unpaid":
      return continueIfChanged(invoice, current);
    case "order":
    case "failed":
    case undefined:
      return pollInvoice(run, current);
  }
}
