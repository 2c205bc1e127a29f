import type { ReceiptDocument } from "../types";
import { complex, text } from "../wire/schema";
import { checkNotEmpty, readNothing } from "./checks";
import { clientContext, commonAnswer, receiptDocument } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of submitPaymentReceipt (PROTOCOL 2.6). */
export interface SubmitPaymentReceiptRequest extends WithContext {
  ersReference?: string;
  receiptDocument?: ReceiptDocument;
}

/** Attaches the merchant's receipt, which may be empty, to a payment or a refund (PROTOCOL 2.6). */
export const submitPaymentReceipt = operation({
  principal: "TERMINALID",
  request: complex<SubmitPaymentReceiptRequest>("submitPaymentReceipt", {
    context: clientContext,
    ersReference: text,
    receiptDocument,
  }),
  return: commonAnswer,
  async method(seqr, ersReference: string, receiptDocument: ReceiptDocument): Promise<void> {
    checkNotEmpty(ersReference, "ersReference", "submitPaymentReceipt");
    await seqr.send({ ersReference, receiptDocument }, readNothing);
  },
});
