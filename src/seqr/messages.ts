import {
  base64,
  complex,
  dateTime,
  decimal,
  extended,
  long,
  named,
  oneOf,
  repeated,
  requiredInteger,
  requiredLong,
  text,
  wrapped,
  type Complex,
} from "./wire/schema";
import {
  ACKNOWLEDGMENT_MODES,
  INVOICE_STATUSES,
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
} from "./types";

/** Namespace of the operation elements; everything inside them is unqualified (PROTOCOL 1.1). */
export const SERVICE_NAMESPACE = "http://external.interfaces.ers.seamless.com/";

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
  contentString: text,
});

const parameter = complex<Parameter>("parameter", { key: text, value: text });

/** `parameters / parameter / entry`: one level more than one expects (PROTOCOL 3.10). */
const parameterMap = complex<{ parameter?: Parameter[] }>("parameterMap", {
  parameter: wrapped("entry", parameter, "mapArray"),
});

/** What every answer begins with, and all that there is in the answer of most operations. */
export const base = complex<Answer>("erswsResponse", {
  ersReference: text,
  resultCode: requiredInteger,
  resultDescription: text,
});

/** One operation: what goes in, what `return` holds, and who may call it. */
export interface Operation<Request, Return> {
  request: Complex<Request>;
  return: Complex<Return>;
  /** TERMINALID: a terminal's credentials. RESELLERUSER: a shop's. */
  principal: "TERMINALID" | "RESELLERUSER";
  /** Sending it twice does it twice, so that an answer must not get lost lightly. */
  once?: true;
}

/** What the descriptions of all operations have in common. */
type AnyOperation = Pick<Operation<unknown, unknown>, "principal" | "once"> &
  Record<"request" | "return", { kind: "complex" }>;

/** What all requests have in common; every field may be absent, as in the schema (PROTOCOL 2). */
interface WithContext {
  context?: ClientContext;
}

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

/** Request of updateInvoice (PROTOCOL 2.2). */
export interface UpdateInvoiceRequest extends WithContext {
  invoiceReference?: string;
  invoice?: Invoice;
  tokens?: CustomerToken[];
}

/** Request of getPaymentStatus (PROTOCOL 2.3). */
export interface GetPaymentStatusRequest extends WithContext {
  invoiceReference?: string;
  /** The newest version seen, 0 at first. */
  invoiceVersion?: number;
}

/** Answer to getPaymentStatus (PROTOCOL 2.3). */
export interface GetPaymentStatusReturn extends Answer {
  /** As SEQR wrote it; it may be a status that no document lists. */
  status?: string;
  receipt?: Receipt;
  customerTokens?: CustomerToken[];
  version?: number;
}

/** Request of cancelInvoice (PROTOCOL 2.4). */
export interface CancelInvoiceRequest extends WithContext {
  invoiceReference?: string;
}

/** Request of commitReservation (PROTOCOL 2.5). */
export interface CommitReservationRequest extends WithContext {
  amount?: Amount;
  invoiceReference?: string;
}

/** Request of submitPaymentReceipt (PROTOCOL 2.6). */
export interface SubmitPaymentReceiptRequest extends WithContext {
  ersReference?: string;
  receiptDocument?: ReceiptDocument;
}

/** Request of refundPayment (PROTOCOL 2.7). */
export interface RefundPaymentRequest extends WithContext {
  ersReference?: string;
  invoice?: Invoice;
}

/** Request of registerTerminal (PROTOCOL 2.8). */
export interface RegisterTerminalRequest extends WithContext {
  externalTerminalId?: string;
  password?: string;
  name?: string;
}

/** Answer to registerTerminal (PROTOCOL 2.8). */
export interface RegisterTerminalReturn extends Answer {
  terminalId?: string;
}

/** Request of assignSeqrId (PROTOCOL 2.10). */
export interface AssignSeqrIdRequest extends WithContext {
  seqrId?: string;
}

/** Request of markTransactionPeriod (PROTOCOL 2.11). */
export interface MarkTransactionPeriodRequest extends WithContext {
  parameters?: { parameter?: Parameter[] };
}

/** Answer to markTransactionPeriod (PROTOCOL 2.11). */
export interface MarkTransactionPeriodReturn extends Answer {
  transactionPeriodId?: string;
}

/** Request of executeReport (PROTOCOL 2.12). */
export interface ExecuteReportRequest extends WithContext {
  reportId?: string;
  language?: string;
  parameters?: { parameter?: Parameter[] };
}

/** Answer to executeReport (PROTOCOL 2.12). */
export interface ExecuteReportReturn extends Answer {
  report?: Report;
}

/** Request of getClientSessionInfo (PROTOCOL 2.13). */
export interface GetClientSessionInfoRequest extends WithContext {
  key?: string;
}

/** Answer to getClientSessionInfo (PROTOCOL 2.13). */
export interface GetClientSessionInfoReturn extends Answer {
  parameters?: Parameter[];
}

/** The documented operations, request and answer in schema order (PROTOCOL 2). */
export const operations = {
  sendInvoice: {
    principal: "TERMINALID",
    request: complex<SendInvoiceRequest>("sendInvoice", {
      context: clientContext,
      invoice,
      tokens: repeated(customerToken),
    }),
    return: extended<Answer, SendInvoiceReturn>(base, "erswsSendInvoiceResponse", {
      invoiceQRCode: text,
      invoiceReference: text,
    }),
  },
  updateInvoice: {
    principal: "TERMINALID",
    request: complex<UpdateInvoiceRequest>("updateInvoice", {
      context: clientContext,
      invoiceReference: text,
      invoice,
      tokens: repeated(customerToken),
    }),
    return: base,
  },
  getPaymentStatus: {
    principal: "TERMINALID",
    request: complex<GetPaymentStatusRequest>("getPaymentStatus", {
      context: clientContext,
      invoiceReference: text,
      invoiceVersion: requiredInteger,
    }),
    return: extended<Answer, GetPaymentStatusReturn>(base, "erswsPaymentStatusResponse", {
      status: named("invoiceStatus", INVOICE_STATUSES),
      receipt,
      customerTokens: wrapped("token", customerToken),
      version: requiredInteger,
    }),
  },
  cancelInvoice: {
    principal: "TERMINALID",
    request: complex<CancelInvoiceRequest>("cancelInvoice", {
      context: clientContext,
      invoiceReference: text,
    }),
    return: base,
  },
  commitReservation: {
    principal: "TERMINALID",
    once: true,
    request: complex<CommitReservationRequest>("commitReservation", {
      context: clientContext,
      amount,
      invoiceReference: text,
    }),
    return: base,
  },
  submitPaymentReceipt: {
    principal: "TERMINALID",
    request: complex<SubmitPaymentReceiptRequest>("submitPaymentReceipt", {
      context: clientContext,
      ersReference: text,
      receiptDocument,
    }),
    return: base,
  },
  refundPayment: {
    principal: "TERMINALID",
    once: true,
    request: complex<RefundPaymentRequest>("refundPayment", {
      context: clientContext,
      ersReference: text,
      invoice,
    }),
    return: base,
  },
  registerTerminal: {
    principal: "RESELLERUSER",
    once: true,
    request: complex<RegisterTerminalRequest>("registerTerminal", {
      context: clientContext,
      externalTerminalId: text,
      password: text,
      name: text,
    }),
    return: extended<Answer, RegisterTerminalReturn>(base, "erswsRegisterTerminalResponse", {
      terminalId: text,
    }),
  },
  unregisterTerminal: {
    principal: "TERMINALID",
    request: complex<WithContext>("unregisterTerminal", { context: clientContext }),
    return: base,
  },
  assignSeqrId: {
    principal: "TERMINALID",
    request: complex<AssignSeqrIdRequest>("assignSeqrId", { context: clientContext, seqrId: text }),
    return: base,
  },
  markTransactionPeriod: {
    principal: "RESELLERUSER",
    once: true,
    request: complex<MarkTransactionPeriodRequest>("markTransactionPeriod", {
      context: clientContext,
      parameters: parameterMap,
    }),
    return: extended<Answer, MarkTransactionPeriodReturn>(base, "erswsMarkTransactionPeriodResponse", {
      transactionPeriodId: text,
    }),
  },
  executeReport: {
    principal: "RESELLERUSER",
    request: complex<ExecuteReportRequest>("executeReport", {
      context: clientContext,
      reportId: text,
      language: text,
      parameters: parameterMap,
    }),
    return: extended<Answer, ExecuteReportReturn>(base, "erswsExecuteReportResponse", { report }),
  },
  getClientSessionInfo: {
    principal: "TERMINALID",
    request: complex<GetClientSessionInfoRequest>("getClientSessionInfo", {
      context: clientContext,
      key: text,
    }),
    return: extended<Answer, GetClientSessionInfoReturn>(base, "erswsClientSessionInfoResponse", {
      parameters: wrapped("entry", parameter),
    }),
  },
} satisfies Record<string, AnyOperation>;

/** Names of the documented operations. */
export type OperationName = keyof typeof operations;
/** What the request of an operation holds. */
export type RequestOf<N extends OperationName> =
  (typeof operations)[N]["request"] extends Complex<infer T> ? T : never;
/** What `return` in the answer to an operation holds. */
export type ReturnOf<N extends OperationName> =
  (typeof operations)[N]["return"] extends Complex<infer T> ? T : never;
