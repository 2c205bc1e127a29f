import { SeqrUnknownOutcomeError } from "../errors";
import { checkTokens, type InvoiceInput } from "../limits";
import type { Answer, CustomerToken, Invoice } from "../types";
import { extended, complex, repeated, text } from "../wire/schema";
import { requiredField } from "./checks";
import { completeInvoice } from "./complete-invoice";
import { clientContext, commonAnswer, customerToken, invoice } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of sendInvoice (PROTOCOL 2.1). */
export interface SendInvoiceRequest extends WithContext {
  invoice?: Invoice;
  tokens?: CustomerToken[];
}

/** Answer to sendInvoice (PROTOCOL 2.1). */
export interface SendInvoiceReturn extends Answer {
  invoiceQRCode?: string;
  invoiceReference?: string;
}

/** Result of sendInvoice. */
export interface SentInvoice {
  /** Names the invoice in every later call. */
  invoiceReference: string;
  /** The text of the QR code: an http or https address. */
  invoiceQRCode: string;
}

/** Characters; real QR texts have about forty. */
const MAX_QR_TEXT = 300;

/**
 * Creates an invoice and makes it payable (PROTOCOL 2.1). Immediate debit without acknowledgment unless the invoice
 * says otherwise. After an unknown outcome it is safe to send it again: no shopper can scan the code of the lost one.
 */
export const sendInvoice = operation({
  principal: "TERMINALID",
  request: complex<SendInvoiceRequest>("sendInvoice", {
    context: clientContext,
    invoice,
    tokens: repeated(customerToken),
  }),
  return: extended<Answer, SendInvoiceReturn>(commonAnswer, "erswsSendInvoiceResponse", {
    invoiceQRCode: text,
    invoiceReference: text,
  }),
  /** @param tokens loyalty cards that the merchant already knows */
  async method(seqr, invoice: InvoiceInput, tokens?: CustomerToken[]): Promise<SentInvoice> {
    const name = "sendInvoice";
    const request = { invoice: completeInvoice(invoice, seqr.now(), name), tokens };
    if (tokens) checkTokens(tokens, name);
    return seqr.send(request, (answer) => ({
      invoiceReference: requiredField(answer.invoiceReference, "invoiceReference", name),
      invoiceQRCode: checkQrText(requiredField(answer.invoiceQRCode, "invoiceQRCode", name)),
    }));
  },
});

/** Refuses a QR text that is no web address: stores show it as a link too. */
function checkQrText(qrText: string): string {
  if (/^https?:\/\/\S+$/i.test(qrText) && qrText.length <= MAX_QR_TEXT) return qrText;
  throw new SeqrUnknownOutcomeError(
    "SEQR_ANSWER_INVALID",
    "sendInvoice",
    "invoiceQRCode is not a web address",
  );
}
