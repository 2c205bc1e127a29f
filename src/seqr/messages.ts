import {
  base64,
  complex,
  dateTime,
  decimal,
  long,
  named,
  oneOf,
  repeated,
  requiredInteger,
  requiredLong,
  text,
  wrapped,
  type Complex,
} from "./schema";
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

export const amount = complex<Amount>("amount", { currency: text, value: decimal });

export const principalId = complex<PrincipalId>("principalId", { id: text, type: text, userId: text });

export const clientContext = complex<ClientContext>("clientContext", {
  channel: text,
  clientComment: text,
  clientId: text,
  clientReference: text,
  clientRequestTimeout: requiredLong,
  initiatorPrincipalId: principalId,
  password: text,
});

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

export const customerToken = complex<CustomerToken>("customerToken", {
  description: text,
  id: text,
  status: requiredInteger,
  value: text,
});

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

export const receiptDocument = complex<ReceiptDocument>("receiptDocument", {
  mimeType: text,
  receiptData: base64,
  receiptType: text,
});

export const report = complex<Report>("report", {
  title: text,
  mimeType: text,
  content: base64,
  contentString: text,
});

const parameter = complex<Parameter>("parameter", { key: text, value: text });

/** `parameters / parameter / entry`: one level more than one expects (PROTOCOL 3.10). */
const parameterMap = complex<{ parameter?: Parameter[] }>("parameterMap", {
  parameter: wrapped("entry", parameter),
});

const answer = { ersReference: text, resultCode: requiredInteger, resultDescription: text };
/** The answer of the operations that return nothing of their own. */
export const base = complex<Answer>("erswsResponse", answer);

/** One operation: what goes in, what `return` holds, and who may call it. */
export interface Operation<Request, Return> {
  request: Complex<Request>;
  return: Complex<Return>;
  /** TERMINALID: a terminal's credentials. RESELLERUSER: a shop's. */
  principal: "TERMINALID" | "RESELLERUSER";
}

interface WithContext {
  context?: ClientContext;
}

export interface SendInvoiceRequest extends WithContext {
  invoice?: Invoice;
  tokens?: CustomerToken[];
}
export interface SendInvoiceReturn extends Answer {
  invoiceQRCode?: string;
  invoiceReference?: string;
}
export interface UpdateInvoiceRequest extends WithContext {
  invoiceReference?: string;
  invoice?: Invoice;
  tokens?: CustomerToken[];
}
export interface GetPaymentStatusRequest extends WithContext {
  invoiceReference?: string;
  invoiceVersion?: number;
}
export interface GetPaymentStatusReturn extends Answer {
  /** As SEQR wrote it; it may be a status that no document lists. */
  status?: string;
  receipt?: Receipt;
  customerTokens?: CustomerToken[];
  version?: number;
}
export interface CancelInvoiceRequest extends WithContext {
  invoiceReference?: string;
}
export interface CommitReservationRequest extends WithContext {
  amount?: Amount;
  invoiceReference?: string;
}
export interface SubmitPaymentReceiptRequest extends WithContext {
  ersReference?: string;
  receiptDocument?: ReceiptDocument;
}
export interface RefundPaymentRequest extends WithContext {
  ersReference?: string;
  invoice?: Invoice;
}
export interface RegisterTerminalRequest extends WithContext {
  externalTerminalId?: string;
  password?: string;
  name?: string;
}
export interface RegisterTerminalReturn extends Answer {
  terminalId?: string;
}
export interface AssignSeqrIdRequest extends WithContext {
  seqrId?: string;
}
export interface MarkTransactionPeriodRequest extends WithContext {
  parameters?: { parameter?: Parameter[] };
}
export interface MarkTransactionPeriodReturn extends Answer {
  transactionPeriodId?: string;
}
export interface ExecuteReportRequest extends WithContext {
  reportId?: string;
  language?: string;
  parameters?: { parameter?: Parameter[] };
}
export interface ExecuteReportReturn extends Answer {
  report?: Report;
}
export interface GetClientSessionInfoRequest extends WithContext {
  key?: string;
}
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
    return: complex<SendInvoiceReturn>("erswsSendInvoiceResponse", {
      ...answer,
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
    return: complex<GetPaymentStatusReturn>("erswsPaymentStatusResponse", {
      ...answer,
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
    request: complex<RefundPaymentRequest>("refundPayment", {
      context: clientContext,
      ersReference: text,
      invoice,
    }),
    return: base,
  },
  registerTerminal: {
    principal: "RESELLERUSER",
    request: complex<RegisterTerminalRequest>("registerTerminal", {
      context: clientContext,
      externalTerminalId: text,
      password: text,
      name: text,
    }),
    return: complex<RegisterTerminalReturn>("erswsRegisterTerminalResponse", { ...answer, terminalId: text }),
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
    request: complex<MarkTransactionPeriodRequest>("markTransactionPeriod", {
      context: clientContext,
      parameters: parameterMap,
    }),
    return: complex<MarkTransactionPeriodReturn>("erswsMarkTransactionPeriodResponse", {
      ...answer,
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
    return: complex<ExecuteReportReturn>("erswsExecuteReportResponse", { ...answer, report }),
  },
  getClientSessionInfo: {
    principal: "TERMINALID",
    request: complex<GetClientSessionInfoRequest>("getClientSessionInfo", {
      context: clientContext,
      key: text,
    }),
    return: complex<GetClientSessionInfoReturn>("erswsClientSessionInfoResponse", {
      ...answer,
      parameters: wrapped("entry", parameter),
    }),
  },
} satisfies Record<string, Operation<never, never> | object>;

export type OperationName = keyof typeof operations;
export type RequestOf<N extends OperationName> =
  (typeof operations)[N]["request"] extends Complex<infer T> ? T : never;
export type ReturnOf<N extends OperationName> =
  (typeof operations)[N]["return"] extends Complex<infer T> ? T : never;
