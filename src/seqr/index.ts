/** A typed client of the SEQR merchant API. Knows nothing of Medusa. */
export * from "./client";
export * from "./errors";
export * from "./deep-link";
export * from "./money";
export * from "./qr-code";
export * from "./reconciliation-report";
export * from "./result-codes";
export * from "./protocol-timings";
export * from "./types";
export type { InvoiceInput } from "./limits";
export type { OperationName } from "./messages";
export { checkEndpoint, isThisMachine, type HttpAnswer, type SoapTransport } from "./wire/transport";
