/** A typed client of the SEQR merchant API. Knows nothing of Medusa. */
export { SeqrClient } from "./client";
export type {
  CallRecord,
  ResellerCredentials,
  SeqrClientOptions,
  TerminalCredentials,
} from "./client-options";
export * from "./deep-link";
export * from "./errors";
export { MAX_SEQR_ID_LENGTH, MIN_PASSWORD_LENGTH, type InvoiceInput } from "./limits";
export * from "./money";
export type { OperationName } from "./operations";
export type { PaymentStatus } from "./operations/get-payment-status";
export type { SentInvoice } from "./operations/send-invoice";
export * from "./protocol-timings";
export * from "./qr-code";
export * from "./reconciliation-report";
export * from "./result-codes";
export * from "./types";
export { checkEndpoint, isThisMachine } from "./wire/endpoint";
export { Transport, type HttpAnswer, type ServerFacts, type SoapTransport } from "./wire/transport";
