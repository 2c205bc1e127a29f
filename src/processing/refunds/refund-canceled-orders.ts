import { compare } from "../../seqr";
import { refundableAmount, takeTransition } from "../../modules/seqr/public";
import { withoutClosed } from "./closed-refunds";
import { processPayment } from "../process-payment";
import type { ProcessingContext } from "../processing-context";

/**
 * Releases the reservations and refunds the payments of cancelled orders that core failed to release or refund: when a refund fails while an order is cancelled, core only logs
 * it and cancels the order anyway.
 */
export async function refundCanceledOrders(context: ProcessingContext, orderIds: string[]): Promise<void> {
  const { seqr } = context;
  for (const invoice of await seqr.ledger.awaitingCaptureOf(orderIds)) {
    const releasing = await takeTransition(seqr, invoice, "releasing", {
      ...{ reason: "order_canceled", attempts: 0, problem: null },
    });
    if (releasing) await processPayment(context, releasing, "staff");
  }
  for (const invoice of await seqr.ledger.completedWith(orderIds)) {
    const refunds = await seqr.ledger.refundsOf(invoice.id);
    const left = await withoutClosed(context, invoice, { rest: refundableAmount(invoice, refunds), refunds });
    if (compare(left, "0") <= 0) continue;
    const refundDue = await takeTransition(seqr, invoice, "refund_due", {
      reason: "order_canceled",
      attempts: 0,
    });
    if (refundDue) await processPayment(context, refundDue, "staff");
  }
}
