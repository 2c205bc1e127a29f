import { compare } from "../../seqr";
import { restOf } from "../../modules/seqr/public";
import { withoutClosed } from "./closed-refunds";
import { settleInvoice, type SettleContext } from "../process-payment";

/**
 * Finds money of cancelled orders that is still here, and sees that it goes back. Core refunds when an order is
 * cancelled, but only logs it when that fails, and cancels the order all the same.
 */
export async function returnMoneyOf(context: SettleContext, orderIds: string[]): Promise<void> {
  const { seqr } = context;
  for (const invoice of await seqr.settledWith(orderIds)) {
    const refunds = await seqr.refundsOf(invoice);
    const left = await withoutClosed(context, invoice, { rest: restOf(invoice, refunds), refunds });
    if (compare(left, "0") <= 0) continue;
    const owed = await seqr.transition(invoice, "owed", { reason: "order_canceled", attempts: 0 });
    if (owed) await settleInvoice(context, owed, "staff");
  }
}
