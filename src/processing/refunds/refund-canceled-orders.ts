import { compare } from "../../seqr";
import { refundableAmount, takeTransition } from "../../modules/seqr/public";
import { withoutClosed } from "./closed-refunds";
import { processPayment } from "../process-payment";
import type { ProcessingContext } from "../processing-context";

/**
 * Finds money of cancelled orders that is still here, and sees that it goes back. Core refunds when an order is
 * cancelled, but only logs it when that fails, and cancels the order all the same.
 */
export async function refundCanceledOrders(context: ProcessingContext, orderIds: string[]): Promise<void> {
  const { seqr } = context;
  for (const invoice of await seqr.ledger.completedWith(orderIds)) {
    const refunds = await seqr.ledger.refundsOf(invoice.id);
    const left = await withoutClosed(context, invoice, { rest: refundableAmount(invoice, refunds), refunds });
    if (compare(left, "0") <= 0) continue;
    const owed = await takeTransition(seqr, invoice, "refund_due", { reason: "order_canceled", attempts: 0 });
    if (owed) await processPayment(context, owed, "staff");
  }
}
