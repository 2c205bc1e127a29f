import type { Complex } from "../wire/schema";
import { assignSeqrId } from "./assign-seqr-id";
import { cancelInvoice } from "./cancel-invoice";
import { commitReservation } from "./commit-reservation";
import { executeReport } from "./execute-report";
import { getClientSessionInfo } from "./get-client-session-info";
import { getPaymentStatus } from "./get-payment-status";
import { markTransactionPeriod } from "./mark-transaction-period";
import { refundPayment } from "./refund-payment";
import { registerTerminal } from "./register-terminal";
import { sendInvoice } from "./send-invoice";
import { submitPaymentReceipt } from "./submit-payment-receipt";
import { unregisterTerminal } from "./unregister-terminal";
import { updateInvoice } from "./update-invoice";

/** The documented operations (PROTOCOL 2). Each is described in its file, and is a method of the client. */
export const operations = {
  /** Creates an invoice and makes it payable. */
  sendInvoice,
  /** Replaces the content of an invoice that no shopper has scanned yet, or answers a loyalty question. */
  updateInvoice,
  /** Polls an invoice's status and thereby acknowledges a payment. */
  getPaymentStatus,
  /** Cancels an invoice or releases a reservation. */
  cancelInvoice,
  /** Turns a reservation into a payment. */
  commitReservation,
  /** Attaches the merchant's receipt to a payment or a refund. */
  submitPaymentReceipt,
  /** Refunds a payment, in full or in part. Do not repeat it after an unknown outcome. */
  refundPayment,
  /** Registers a cash register; gives the terminal's id. */
  registerTerminal,
  /** Removes the terminal whose credentials the client has. */
  unregisterTerminal,
  /** Ties the static code of a cash register to the terminal. */
  assignSeqrId,
  /** Closes a transaction period and opens the next; gives the id of the one that was closed. */
  markTransactionPeriod,
  /** Fetches a report. */
  executeReport,
  /** Tells who opened the shop inside the SEQR app. */
  getClientSessionInfo,
};

/** Names of the documented operations. */
export type OperationName = keyof typeof operations;

/** The request of an operation. */
export type RequestOf<N extends OperationName> =
  (typeof operations)[N]["request"] extends Complex<infer T> ? T : never;

/** The content of `return` in the answer to an operation. */
export type ReturnOf<N extends OperationName> =
  (typeof operations)[N]["return"] extends Complex<infer T> ? T : never;

/** The client's methods, one for each operation. */
export type OperationMethods = {
  [N in keyof typeof operations]: (typeof operations)[N] extends {
    method(exchange: never, ...parameters: infer P): infer R;
  }
    ? (...parameters: P) => R
    : never;
};
