/** Whether the operation took effect. */
export type Outcome =
  /** It did. */
  | "done"
  /** It did not. */
  | "refused"
  /** It may have: find out before relying on either. */
  | "unknown";

/** Who caused the result: the merchant's configuration or code, the shopper, SEQR or the bank, or none of them. */
export type Fault = "merchant" | "shopper" | "seqr" | "none";

/** The next step: none, the same call again after a pause, or getPaymentStatus first. */
export type Next = "stop" | "retry" | "ask";

/** One entry of the table of result codes (PROTOCOL 10). */
export interface ResultCode {
  code: number;
  name: string;
  outcome: Outcome;
  fault: Fault;
  next: Next;
  /** Why SEQR answers with this code. */
  cause: string;
  /** What a person can do. */
  cure: string;
}

type Row = [
  code: number,
  name: string,
  outcome: Outcome,
  fault: Fault,
  next: Next,
  cause: string,
  cure: string,
];

const NOT_FOR_MERCHANTS = "This code belongs to services that merchants do not use.";
const ASK_SEQR = "Ask SEQR, with the reference and the time of the call.";

// One line per code.
// prettier-ignore
const ROWS: Row[] = [
  [0, "SUCCESS", "done", "none", "stop", "The request was carried out.", "Nothing to do."],
  [1, "PENDING_APPROVAL", "unknown", "none", "ask", "Accepted, but not approved yet.", ASK_SEQR],
  [2, "REPORT_NOT_READY", "refused", "none", "retry", "The report is still being made.", "Ask again in a few seconds. A terminal report on a shop's period never becomes ready."],
  [10, "REJECTED_BUSINESS_LOGIC", "refused", "merchant", "stop", "A rule at SEQR does not allow it.", ASK_SEQR],
  [11, "REJECTED_AMOUNT", "refused", "merchant", "stop", "The amount is not acceptable.", "Check that the amount is above zero and within the limits agreed with SEQR."],
  [12, "REJECTED_PAYMENT", "refused", "shopper", "stop", "The payment was refused.", "The shopper can try again or pay another way."],
  [13, "REJECTED_TOPUP", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [20, "AUTHENTICATION_FAILED", "refused", "merchant", "stop", "The password is wrong.", "Correct the password of the terminal or the reseller in the plugin's options."],
  [21, "ACCESS_DENIED", "refused", "merchant", "stop", "This terminal may not do that; a terminal whose password has fewer than 4 characters may do nothing.", "Use the terminal that SEQR made for the web shop, with its password."],
  [22, "INVALID_NEW_PASSWORD", "refused", "merchant", "stop", "The new password is not acceptable.", "Choose a longer password."],
  [23, "INVALID_ERS_REFERENCE", "refused", "merchant", "stop", "SEQR finds no payment with this reference for this terminal.", "Check that the terminal is the one that took the payment."],
  [29, "INVALID_INITIATOR_PRINCIPAL_ID", "refused", "merchant", "stop", "SEQR does not know this terminal id.", "Correct the terminal id in the plugin's options, or have the terminal registered again."],
  [30, "INVALID_RECEIVER_PRINCIPAL_ID", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [31, "INVALID_SENDER_PRINCIPAL_ID", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [32, "INVALID_TOPUP_PRINCIPAL_ID", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [33, "INVALID_INITIATOR_PRINCIPAL_STATE", "refused", "merchant", "stop", "The terminal or the shop is blocked or inactive at SEQR.", "Have SEQR activate it."],
  [34, "INVALID_RECEIVER_PRINCIPAL_STATE", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [35, "INVALID_SENDER_PRINCIPAL_STATE", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [36, "INVALID_TOPUP_PRINCIPAL_STATE", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [37, "INITIATOR_PRINCIPAL_NOT_FOUND", "refused", "merchant", "stop", "SEQR does not know this reseller id or user id.", "Correct the reseller's id and user id (9900) in the plugin's options."],
  [38, "RECEIVER_PRINCIPAL_NOT_FOUND", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [39, "SENDER_PRINCIPAL_NOT_FOUND", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [40, "TOPUP_PRINCIPAL_NOT_FOUND", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [41, "INVALID_PRODUCT", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [48, "PAYMENT_IN_PROGRESS", "refused", "shopper", "ask", "The shopper is paying at this moment.", "Wait a few seconds; the payment ends one way or the other."],
  [49, "INVALID_INVOICE_DATA", "refused", "merchant", "stop", "The invoice is not acceptable, most often its currency.", "Use the currency of the terminal's country."],
  [50, "CANNOT_CANCEL_PAID_INVOICE", "refused", "shopper", "ask", "The invoice was already paid.", "The plugin takes the payment over: it places the order, or refunds the payment."],
  [51, "CANNOT_CANCEL_INVOICE_IN_PROGRESS", "refused", "shopper", "ask", "The shopper is paying at this moment.", "Wait a few seconds; the payment ends one way or the other."],
  [52, "INVALID_CUSTOMER", "refused", "shopper", "stop", "SEQR does not accept this customer.", ASK_SEQR],
  [53, "INVALID_SEQR_ID", "refused", "merchant", "stop", "The SEQR id has other characters than letters and digits, or belongs to another terminal.", "Choose another id."],
  [54, "INVALID_INVOICE_REFERENCE", "refused", "merchant", "stop", "SEQR finds no invoice with this reference for this terminal.", "Check that endpoint and terminal are the ones that issued the invoice."],
  [55, "PAYMENT_ALREADY_CANCELLED", "refused", "none", "stop", "The payment was already cancelled.", "Nothing to do."],
  [56, "REGISTRATION_NOT_POSSIBLE", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [57, "REGISTRATION_PRINCIPAL_ALREADY_EXISTS", "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR],
  [58, "PAYMENT_EXPIRED", "refused", "shopper", "ask", "The payment was not made in time.", "Start a new payment."],
  [60, "AUTHORIZATION_EXPIRED", "refused", "shopper", "stop", "The app's session has ended.", "The shopper opens the shop in the app again."],
  [61, "AUTHORIZATION_CANCELLED", "refused", "shopper", "stop", "The app's session was cancelled.", "The shopper opens the shop in the app again."],
  [62, "AUTHORIZATION_IN_PROGRESS", "refused", "shopper", "retry", "The app's session is still being opened.", "Ask again in a moment."],
  [63, "INVALID_AUTHORIZATION_REFERENCE", "refused", "merchant", "stop", "SEQR does not know this session key.", "Use the key from the address that the app opened."],
  [64, "INVALID_NOTIFICATION_URL", "refused", "merchant", "stop", "SEQR does not accept the notification address.", "Set backendUrl to the store's public http or https address."],
  [90, "SYSTEM_ERROR", "unknown", "seqr", "ask", "SEQR failed without saying why.", "The plugin asks again. If the error persists: " + ASK_SEQR],
  [91, "UNSUPPORTED_OPERATION", "refused", "merchant", "stop", "This principal cannot use this operation.", "Check which credentials the operation needs."],
  [92, "LICENSE_REJECTION", "refused", "seqr", "stop", "SEQR refuses for a reason of its own.", ASK_SEQR],
  [93, "SYSTEM_BUSY", "unknown", "seqr", "retry", "SEQR is overloaded.", "The plugin tries again after a pause."],
  [94, "SERVICE_UNAVAILABLE", "unknown", "seqr", "retry", "A system behind SEQR, such as a bank, is down.", "The plugin tries again after a pause."],
  [95, "INVOICE_ALREADY_CANCELED", "refused", "none", "stop", "The invoice was already cancelled.", "Nothing to do."],
  [96, "INVOICE_STATE_NOT_RESERVED", "refused", "merchant", "ask", "There is no reservation to commit.", "Check the payment's state first."],
  [97, "RESELLER_NOT_ALLOWED_TO_DO_REFUND", "refused", "merchant", "stop", "SEQR does not let this shop refund.", "Have SEQR allow refunds for the shop."],
  [98, "SUM_OF_REFUNDS_CAN_NOT_BE_MORE_THAN_ORIGINAL_TRANSACTION", "refused", "merchant", "stop", "More would be refunded than was paid.", "Refund at most what is left of the payment."],
  [99, "RECEIVER_ACCOUNT_DOES_NOT_ALLOW_REFUNDS", "refused", "seqr", "stop", "The shopper's account provider does not accept refunds.", "Refund the shopper in another way; SEQR takes such cases by mail, with amount and ersReference."],
];

/** Codes whose names no source gives. */
// prettier-ignore
const ACCOUNT_CODES = [42, 43, 44, 45, 46, 47].map((code): Row =>
  [code, `ACCOUNT_ERROR_${code}`, "refused", "merchant", "stop", NOT_FOR_MERCHANTS, ASK_SEQR]);

/** Every known result code, by number. */
export const RESULT_CODES: ReadonlyMap<number, ResultCode> = new Map(
  [...ROWS, ...ACCOUNT_CODES]
    .sort(([a], [b]) => a - b)
    .map(([code, name, outcome, fault, next, cause, cure]) => [
      code,
      { code, name, outcome, fault, next, cause, cure },
    ]),
);

/**
 * Finds a result code. A code that no document lists has an unknown outcome; it is never taken for success.
 */
export function resultCode(code: number): ResultCode {
  return (
    RESULT_CODES.get(code) ?? {
      code,
      name: `CODE_${code}`,
      outcome: "unknown",
      fault: "seqr",
      next: "ask",
      cause: "SEQR answered with a code that no document lists.",
      cure: ASK_SEQR,
    }
  );
}
