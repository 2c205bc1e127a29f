import { complex, text } from "../wire/schema";
import { checkNotEmpty, readNothing } from "./checks";
import { clientContext, commonAnswer } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of cancelInvoice (PROTOCOL 2.4). */
export interface CancelInvoiceRequest extends WithContext {
  invoiceReference?: string;
}

/**
 * Cancels an invoice or releases a reservation (PROTOCOL 2.4, 4.6). The result codes 48, 50, 51, 55 and 95 are thrown
 * as refusals; they tell the invoice's state rather than a failure.
 */
export const cancelInvoice = operation({
  principal: "TERMINALID",
  request: complex<CancelInvoiceRequest>("cancelInvoice", { context: clientContext, invoiceReference: text }),
  return: commonAnswer,
  async method(seqr, invoiceReference: string): Promise<void> {
    checkNotEmpty(invoiceReference, "invoiceReference", "cancelInvoice");
    await seqr.send({ invoiceReference }, readNothing);
  },
});
