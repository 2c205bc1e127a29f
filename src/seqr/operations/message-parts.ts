/**
 * The parts that messages have in common, described once (PROTOCOL 3): the client, the sandbox and the service
 * description read the same descriptions.
 */
import {
  base64,
  complex,
  dateTime,
  decimal,
  long,
  markup,
  oneOf,
  requiredInteger,
  requiredLong,
  text,
  wrapped,
} from "../wire/schema";
import {
  ACKNOWLEDGMENT_MODES,
  PAYMENT_MODES,
  type Amount,
  type Answer,
  type ClientContext,
  type CustomerToken,
  type Invoice,
  type InvoiceRow,
  type Parameter,
  type PrincipalId,
  type Receipt,
  type ReceiptDocument,
  type Report,
} from "../types";

/** A sum of money (PROTOCOL 3.5). */
export const amount = complex<Amount>("amount", { currency: text, value: decimal });

/** Who calls (PROTOCOL 3.2). */
export const principalId = complex<PrincipalId>("principalId", { id: text, type: text, userId: text });

/** First element of every request (PROTOCOL 3.1). */
export const clientContext = complex<ClientContext>("clientContext", {
  channel: text,
  clientComment: text,
  clientId: text,
  clientReference: text,
  clientRequestTimeout: requiredLong,
  initiatorPrincipalId: principalId,
  password: text,
});

/** One line of an invoice (PROTOCOL 3.4). */
export const invoiceRow = complex<InvoiceRow>("paymentInvoiceRow", {
  itemDescription: text,
  itemDiscount: amount,
  itemEAN: text,
  itemQuantity: decimal,
  itemSKU: text,
  itemTaxRate: decimal,
  itemTotalAmount: amount,
  itemUnit: text,
  itemUnitPrice: amount,
});

/** A demand for money, or the details of a refund (PROTOCOL 3.3). */
export const invoice = complex<Invoice>("invoice", {
  paymentMode: oneOf("paymentMode", PAYMENT_MODES),
  acknowledgmentMode: oneOf("acknowledgmentMode", ACKNOWLEDGMENT_MODES),
  issueDate: dateTime,
  title: text,
  clientInvoiceId: text,
  invoiceRows: wrapped("invoiceRow", invoiceRow),
  totalAmount: amount,
  cashierId: text,
  footer: text,
  backURL: text,
  notificationUrl: text,
  commitReservationTimeout: long,
});

/** A loyalty card or the like (PROTOCOL 3.6). */
export const customerToken = complex<CustomerToken>("customerToken", {
  description: text,
  id: text,
  status: requiredInteger,
  value: text,
});

/** SEQR's receipt (PROTOCOL 3.7). */
export const receipt = complex<Receipt>("receipt", {
  terminalId: text,
  paymentDate: dateTime,
  clientInvoiceId: text,
  invoiceReference: text,
  paymentReference: text,
  payerTerminalId: text,
  receiverName: text,
  invoice,
});

/** The merchant's receipt (PROTOCOL 3.8). */
export const receiptDocument = complex<ReceiptDocument>("receiptDocument", {
  mimeType: text,
  receiptData: base64,
  receiptType: text,
});

/** A report (PROTOCOL 3.9). */
export const report = complex<Report>("report", {
  title: text,
  mimeType: text,
  content: base64,
  contentString: markup,
});

/** One key and value of a parameter map (PROTOCOL 3.10). */
export const parameter = complex<Parameter>("parameter", { key: text, value: text });

/** A parameter map: `parameters`, then `parameter`, then one `entry` for each parameter (PROTOCOL 3.10). */
export const parameterMap = complex<{ parameter?: Parameter[] }>("parameterMap", {
  parameter: wrapped("entry", parameter, "mapArray"),
});

/** The first fields of every answer, and the only ones in the answer to most operations (PROTOCOL 1.2). */
export const commonAnswer = complex<Answer>("erswsResponse", {
  ersReference: text,
  resultCode: requiredInteger,
  resultDescription: text,
});
