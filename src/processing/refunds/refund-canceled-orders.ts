import { compare } from "../../seqr";
import { refundableAmount } from "../../modules/seqr/public";
import { withoutClosed } from "./closed-refunds";
import { processPayment, type ProcessingContext } from "../process-payment";

/**
 * Finds money of cancelled orders that is still here, and sees that it goes back. Core refunds when an order is
 * cancelled, but only logs it when that fails, and cancels the order all the same.
 */
export async function refundCanceledOrders(context: ProcessingContext, orderIds: string[]): Promise<void> {
  const { seqr } = context;
  for (const invoice of await seqr.completedWith(orderIds)) {
    const refunds = await seqr.refundsOf(invoice);
    const left = await withoutClosed(context, invoice, { rest: refundableAmount(invoice, refunds), refunds });
    if (compare(left, "0") <= 0) continue;
    const owed = await seqr.transition(invoice, "refund_due", { reason: "order_canceled", attempts: 0 });
    if (owed) await processPayment(context, owed, "staff");
  }
}
