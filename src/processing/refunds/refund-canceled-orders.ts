import { compare } from "../../seqr";
import { refundableAmount, takeTransition, type InvoiceRecord } from "../../modules/seqr/public";
import { atEachEndpoint } from "../lanes";
import { withoutClosed } from "./closed-refunds";
import { processPayment } from "../process-payment";
import type { ProcessingContext } from "../processing-context";

/**
 * Releases the reservations and refunds the payments of cancelled orders that core failed to release or refund: when a refund fails
 * while an order is cancelled, core only logs it and cancels the order anyway.
 */
export async function refundCanceledOrders(context: ProcessingContext, orderIds: string[]): Promise<void> {
  const { seqr } = context;
  const placed = await seqr.ledger.placedWith(orderIds);
  await atEachEndpoint(seqr, async (isHere) => {
    for (const invoice of placed.filter(isHere)) {
      if (invoice.state === "awaiting_capture") await releaseOf(context, invoice);
      else await refundOf(context, invoice);
    }
  });
}

/** Refunds what is left of the payment of a cancelled order. */
async function refundOf(context: ProcessingContext, invoice: InvoiceRecord): Promise<void> {
  const { seqr } = context;
  const refunds = await seqr.ledger.refundsOf(invoice.id);
  const left = await withoutClosed(context, invoice, { rest: refundableAmount(invoice, refunds), refunds });
  if (compare(left, "0") <= 0) return;
  const refundDue = await takeTransition(seqr, invoice, "refund_due", {
    reason: "order_canceled",
    attempts: 0,
  });
  if (refundDue) await processPayment(context, refundDue, "staff");
}

/** Releases the reservation of a cancelled order. */
async function releaseOf(context: ProcessingContext, invoice: InvoiceRecord): Promise<void> {
  const patch = { reason: "order_canceled", attempts: 0, problem: null } as const;
  const releasing = await takeTransition(context.seqr, invoice, "releasing", patch);
  if (releasing) await processPayment(context, releasing, "staff");
}
