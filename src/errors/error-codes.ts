import { MedusaError } from "@medusajs/framework/utils";
import { SeqrError } from "../seqr";

/** Every failure that the plugin itself finds, with what Medusa makes of it, its cause and its cure. */
export const ERROR_CODES = {
  SEQR_WAITING: {
    type: MedusaError.Types.PAYMENT_REQUIRES_MORE_ERROR,
    cause: "The SEQR payment has not been made yet.",
    cure: "Scan the code and confirm in the app; the order is then placed by itself.",
  },
  SEQR_PAYMENT_IN_PROGRESS: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The shopper is paying, or has just paid, the invoice of this cart.",
    cure: "Wait a few seconds: the order is placed with the cart as it was when the payment started.",
  },
  SEQR_PAYMENT_ENDED: {
    type: MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR,
    cause: "The SEQR payment was cancelled, failed or expired; no money was taken.",
    cure: "Start the payment again or choose another method.",
  },
  SEQR_PAYMENT_REFUNDED: {
    type: MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR,
    cause: "The payment could not become an order; the money goes back to the shopper.",
    cure: "Start the payment again.",
  },
  SEQR_SESSION_UNKNOWN: {
    type: MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR,
    cause: "The ledger has no SEQR invoice for this payment session.",
    cure: "Create a new payment session.",
  },
  SEQR_AMOUNT_DIFFERS: {
    type: MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR,
    cause: "The cart's total is not what the SEQR invoice says.",
    cure: "Start the payment again, so that the invoice fits the cart.",
  },
  SEQR_CURRENCY: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The SEQR terminal does not take this currency.",
    cure: "Offer SEQR only in regions with a currency of the option `currencies`.",
  },
  SEQR_NO_REGION: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "No region of the store has a currency that the SEQR terminal takes.",
    cure: "Add a region with such a currency in the admin (Settings, Regions), or correct the option `currencies`.",
  },
  SEQR_STORE_UNREACHABLE: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "The store did not answer the trial purchase as a store does.",
    cure: "Start the store, and let the option `backendUrl` be its address.",
  },
  SEQR_NOTHING_TO_BUY: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "No region in which SEQR is switched on has a product with a price, stock and a delivery.",
    cure: "Run `medusa-payment-seqr ready-region`, or add in the admin what is missing: products, prices, stock, shipping options, a publishable key with a sales channel.",
  },
  SEQR_AMOUNT: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "SEQR cannot take or return this amount.",
    cure: "The amount must be above zero and have at most 18 characters.",
  },
  SEQR_CART_EMPTY: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The cart has no items.",
    cure: "Add something to the cart before paying.",
  },
  SEQR_TOKEN: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "There is no payment with this token.",
    cure: "Use the address from the payment session.",
  },
  SEQR_TOO_MANY_REQUESTS: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "Too many requests came for this payment, or from this address for payments that do not exist.",
    cure: "Ask again after the seconds that the header Retry-After names; payments go on by themselves meanwhile.",
  },
  SEQR_SESSION_FOREIGN: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The payment or payment session does not belong to SEQR, or its data was lost.",
    cure: "Use the provider that made it.",
  },
  SEQR_NOT_CANCELED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "An earlier invoice of this purchase could not be cancelled at SEQR, so no second code is shown.",
    cure: "Try again in a moment or choose another payment method.",
  },
  SEQR_BUSY: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "Something else is being done about this SEQR payment, or another one of the purchase is being started.",
    cure: "Try again in a moment.",
  },
  SEQR_NOTHING_TO_PAY: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The cart of this payment is an order already, or is gone.",
    cure: "Go back to the shop: the order is in its confirmation, and a new cart pays anew.",
  },
  SEQR_NOT_UPDATED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR did not take the change of the invoice; it stays as it was.",
    cure: "Cancel the payment session and create a new one.",
  },
  SEQR_NOT_PAID: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "There is no SEQR payment to capture or refund.",
    cure: "Look at the payment's state in the SEQR widget of the order.",
  },
  SEQR_REFUND_TOO_HIGH: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "More would be refunded than is left of the payment.",
    cure: "Refund at most the rest.",
  },
  SEQR_REFUND_UNKNOWN: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "SEQR did not answer a refund, so it may have been made. Repeating it could return the money twice.",
    cure: "Check with SEQR or in the reconciliation report whether it was made.",
  },
  SEQR_REFUND_RUNNING: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "Another refund of this payment is under way.",
    cure: "Wait until it is finished.",
  },
  SEQR_REFUND_RECORDED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "A refund of this amount that SEQR had made earlier was recorded in Medusa a moment ago.",
    cure: "Load the order again. If another refund is meant, ask for it in a minute.",
  },
  SEQR_REFUND_NOT_MADE: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "A refund that SEQR had not answered turned out not to have been made.",
    cure: "Refund again.",
  },
  SEQR_PAID_AMOUNT_DIFFERS: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "SEQR took another sum than the one that was asked for last.",
    cure: "Nothing: when the cart has that total the order is placed, otherwise the plugin returns the money.",
  },
  SEQR_ORDER_TOTAL_DIFFERS: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "The order was placed, and its total is not what was paid with SEQR.",
    cure: "Compare the two in the order; refund the difference, or accept it.",
  },
  SEQR_REVERSED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "The shopper had paid, and SEQR returned the money because the shop did not ask in time.",
    cure: "Nothing is owed. If it happens often, check that the store runs, and that its worker does.",
  },
  SEQR_NO_SUCH_ENTRY: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "The attention list has no such entry.",
    cure: "Load the list again: it may have been settled meanwhile.",
  },
  SEQR_NO_SUCH_INVOICE: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "The ledger has no SEQR invoice with this id.",
    cure: "Use the id of a `seqr_invoice`, such as an order's `seqr_invoices` have.",
  },
  SEQR_READ_ONLY: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The tables of the SEQR ledger are not written through the module's generated methods.",
    cure: "Use the workflows of `medusa-payment-seqr/workflows`, or refund and cancel in Medusa.",
  },
  SEQR_DECISION_STALE: {
    type: MedusaError.Types.CONFLICT,
    cause: "What this decision is about has changed since the list was loaded. Nothing was done.",
    cure: "Load the list again, and decide about what it says now.",
  },
  SEQR_NOT_JSON: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "A decision is taken as `application/json` only, so that no form of another page can send one.",
    cure: "Send JSON, with the header Content-Type: application/json.",
  },
  SEQR_FOREIGN_PAGE: {
    type: MedusaError.Types.FORBIDDEN,
    cause: "The decision comes from a page that is not the store's admin.",
    cure: "Decide in the admin. Should that be served from another address, name it in `http.adminCors`.",
  },
  SEQR_REFUNDED_ELSEWHERE: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "SEQR says that more of the payment was refunded than the ledger knows of: another system refunds too, or the ledger was restored from a backup.",
    cure: "Compare the payment's refunds with SEQR's reconciliation report, and put the books right.",
  },
  SEQR_ORDER_ABANDONED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "Medusa broke off while it placed an order for which there is no payment, and the plugin has cancelled the order.",
    cure: "Nothing is owed. If it happens often, look in the log for what breaks off the store's processes.",
  },
  SEQR_PAYMENT_FINISHED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The payment of this session was taken, so the session cannot be deleted or replaced.",
    cure: "Refund the payment in the order, if the money is to go back.",
  },
  SEQR_DECISION: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "This cannot be decided like that.",
    cure: "Choose one of the entry's actions, and give a reason where one is asked for.",
  },
  SEQR_OPTIONS: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The plugin's options are not usable.",
    cure: "Correct the options that the message lists.",
  },
  SEQR_OFF: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "SEQR is off on this server: required options are missing, and the option `optional` lets it start.",
    cure: "Set the options that the log names at the server's start, or choose another payment method.",
  },
  SEQR_CONFIGURATION: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The Medusa configuration does not name the plugin and its provider exactly once each.",
    cure: "Call `withSeqr` once around the configuration, and name neither of the two yourself.",
  },
  SEQR_ANSWER_CONTRADICTS: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "SEQR's receipt names another invoice, currency or sum than the one that was sent; it is not believed.",
    cure: "Ask SEQR, with the invoice reference. What it says it took can be given back in the attention list, if that is known.",
  },
  SEQR_STATUS_UNKNOWN: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "SEQR answers with a status that no document lists; it is not taken for a payment.",
    cure: "The plugin keeps asking. Ask SEQR, with the invoice reference.",
  },
  SEQR_ORDER_FAILED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "The payment is there, and placing its order failed for a reason that may pass.",
    cure: "The plugin tries again and returns the money if it stays so; the log has the reason.",
  },
  SEQR_REFUND_FAILED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "Returning the money of an impossible order failed inside the store.",
    cure: "The plugin tries again; the log has the reason.",
  },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The error that Medusa shows for a problem: cause, detail and cure, with the stable code. */
export function seqrError(code: ErrorCode, detail?: string): MedusaError {
  const { type, cause, cure } = ERROR_CODES[code];
  return new MedusaError(type, [cause, detail, cure].filter(Boolean).join(" "), code);
}

/** Turns an error of the SEQR client into one that Medusa shows; anything else passes as it is. */
export function toMedusaError(error: unknown): unknown {
  if (!(error instanceof SeqrError)) return error;
  const type =
    error.outcome === "refused" && error.code === "SEQR_INPUT"
      ? MedusaError.Types.INVALID_DATA
      : MedusaError.Types.UNEXPECTED_STATE;
  return new MedusaError(type, `SEQR ${error.message} ${error.cure}`, error.code);
}
