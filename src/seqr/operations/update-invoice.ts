import { checkTokens, type InvoiceInput } from "../limits";
import type { CustomerToken, Invoice } from "../types";
import { complex, repeated, text } from "../wire/schema";
import { checkNotEmpty, readNothing } from "./checks";
import { completeInvoice } from "./complete-invoice";
import { clientContext, commonAnswer, customerToken, invoice } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of updateInvoice (PROTOCOL 2.2). */
export interface UpdateInvoiceRequest extends WithContext {
  invoiceReference?: string;
  invoice?: Invoice;
  tokens?: CustomerToken[];
}

/**
 * Replaces the content of an invoice that no shopper has scanned yet, and answers a loyalty question (PROTOCOL 2.2).
 * Any refusal means that the update was not applied.
 */
export const updateInvoice = operation({
  principal: "TERMINALID",
  request: complex<UpdateInvoiceRequest>("updateInvoice", {
    context: clientContext,
    invoiceReference: text,
    invoice,
    tokens: repeated(customerToken),
  }),
  return: commonAnswer,
  /** @param tokens the tokens that getPaymentStatus gave, with the merchant's verdict in `status` */
  async method(
    seqr,
    invoiceReference: string,
    invoice: InvoiceInput,
    tokens?: CustomerToken[],
  ): Promise<void> {
    const name = "updateInvoice";
    checkNotEmpty(invoiceReference, "invoiceReference", name);
    const request = { invoiceReference, invoice: completeInvoice(invoice, seqr.now(), name), tokens };
    if (tokens) checkTokens(tokens, name);
    await seqr.send(request, readNothing);
  },
});
