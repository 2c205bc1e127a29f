import { checkRefund, type RefundInvoiceInput } from "../limits";
import type { Invoice } from "../types";
import { complex, text } from "../wire/schema";
import { checkNotEmpty } from "./checks";
import { clientContext, commonAnswer, invoice } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of refundPayment (PROTOCOL 2.7). */
export interface RefundPaymentRequest extends WithContext {
  ersReference?: string;
  invoice?: Invoice;
}

/**
 * Refunds a payment, in full or in part (PROTOCOL 2.7, 4.8). SEQR has no idempotency: after an unknown outcome the
 * refund may have been made, and a repeated partial refund can pay twice.
 */
export const refundPayment = operation({
  principal: "TERMINALID",
  freshConnection: true,
  request: complex<RefundPaymentRequest>("refundPayment", {
    context: clientContext,
    ersReference: text,
    invoice,
  }),
  return: commonAnswer,
  /**
   * @param ersReference of the payment
   * @param invoice `totalAmount` is the amount to refund
   * @returns SEQR's reference of the refund, which is not the payment's; undefined when SEQR gave none
   */
  async method(seqr, ersReference: string, invoice: RefundInvoiceInput): Promise<{ ersReference?: string }> {
    const name = "refundPayment";
    checkNotEmpty(ersReference, "ersReference", name);
    checkRefund(invoice, name);
    return seqr.send({ ersReference, invoice }, (answer) => {
      const reference = answer.ersReference?.trim();
      return reference ? { ersReference: reference } : {};
    });
  },
});
