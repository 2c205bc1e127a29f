import { MedusaError } from "@medusajs/framework/utils";
import { BOOKS_ERRORS } from "./books-errors";

/** Every failure that the plugin itself reports: its type in Medusa, its cause and its cure. */
export const ERROR_CODES = {
  SEQR_WAITING: {
    type: MedusaError.Types.PAYMENT_REQUIRES_MORE_ERROR,
    cause: "The SEQR payment has not been made yet.",
    cure: "Scan the code and confirm in the app; the order is then placed automatically.",
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
    cause: "The payment could not become an order. It is refunded, or SEQR reverses it.",
    cure: "Start the payment again.",
  },
  SEQR_SESSION_UNKNOWN: {
    type: MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR,
    cause: "The ledger has no SEQR invoice for this payment session.",
    cure: "Create a new payment session.",
  },
  SEQR_AMOUNT_DIFFERS: {
    type: MedusaError.Types.PAYMENT_AUTHORIZATION_ERROR,
    cause: "The cart's total differs from the amount of the SEQR invoice.",
    cure: "Start the payment again to get an invoice for the cart's total.",
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
    cause: "The trial purchase received no answer, or an unexpected one, from the store.",
    cure: "Start the store, and set the option `backendUrl` to its address.",
  },
  SEQR_NOTHING_TO_BUY: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "No region in which SEQR is switched on has a product with a price, stock and a delivery.",
    cure: "Run `medusa-payment-seqr ready-region`, or add in the admin what is missing: products, prices, stock, shipping options, a publishable key with a sales channel.",
  },
  SEQR_AMOUNT: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "SEQR cannot charge or refund this amount.",
    cure: "The amount must be above zero and have at most 18 characters.",
  },
  SEQR_CART_EMPTY: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The cart has no items.",
    cure: "Add an item to the cart before paying.",
  },
  SEQR_TOKEN: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "No payment has this token.",
    cure: "Use the address from the payment session.",
  },
  SEQR_TOO_MANY_REQUESTS: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "Too many requests came for this payment, or from this address for payments that do not exist.",
    cure: "Repeat the request after the seconds in the header Retry-After. Payments are processed meanwhile.",
  },
  SEQR_SESSION_FOREIGN: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The payment or payment session does not belong to SEQR, or its data was lost.",
    cure: "Use the provider that created it.",
  },
  SEQR_NOT_CANCELED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "An earlier invoice of this purchase could not be cancelled at SEQR, so no second code is shown.",
    cure: "Try again in a moment or choose another payment method.",
  },
  SEQR_BUSY: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "Another request or job is working on this SEQR payment, or starts another payment of the same purchase.",
    cure: "Try again in a moment.",
  },
  SEQR_NOTHING_TO_PAY: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The cart of this payment has become an order, or was deleted.",
    cure: "Open the order's confirmation in the shop, or start with a new cart.",
  },
  SEQR_NOT_UPDATED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR did not accept the change of the invoice; the invoice is unchanged.",
    cure: "Cancel the payment session and create a new one.",
  },
  SEQR_NOT_PAID: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "There is no SEQR payment to capture or refund.",
    cure: "Check the payment's state in the SEQR widget of the order.",
  },
  SEQR_CAPTURE_TOO_HIGH: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The capture exceeds what SEQR has reserved.",
    cure: "Capture at most the reserved amount. Charge the rest as another payment of the order.",
  },
  SEQR_CAPTURED_ONCE: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The SEQR reservation was captured already. SEQR captures once, and has released the rest.",
    cure: "Charge the rest as another payment of the order.",
  },
  SEQR_CAPTURE_REFUNDED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "SEQR has captured the reservation. The payment is refunded, because the order was cancelled meanwhile.",
    cure: "Nothing to do. The payment's page shows the refund.",
  },
  SEQR_CAPTURE_DIFFERS: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR has captured another amount, which Medusa has not recorded yet.",
    cure: "Wait some minutes: the plugin records that capture in the order.",
  },
  SEQR_CAPTURE_RUNNING: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "A capture of this SEQR reservation is in progress, or was made.",
    cure: "Wait until it is finished. To undo it, refund the payment.",
  },
  SEQR_CAPTURE_UNKNOWN: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR did not answer the capture, so it may have been made.",
    cure: "Nothing to do: the plugin polls SEQR, captures again if SEQR has not, and records the capture in the order.",
  },
  SEQR_CAPTURE_NOT_RECORDED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "SEQR has captured the payment, and Medusa does not accept the record of the capture.",
    cure: "Correct the order in Medusa: the shopper was charged. The log has the reason.",
  },
  SEQR_CAPTURE_FAILED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "Capturing the SEQR reservation failed inside the store.",
    cure: "The plugin retries; the log has the reason.",
  },
  SEQR_RESERVATION_LAPSES: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "The SEQR reservation of an order lapses soon, and is not captured.",
    cure: "Capture the payment in the order, or cancel the order.",
  },
  SEQR_RESERVATION_LAPSED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR has released the reservation, because it was not captured in time. The order is unpaid.",
    cure: "Have the shopper pay again, or cancel the order.",
  },
  SEQR_RESERVATION_KEPT: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "The order was changed. The plugin keeps its SEQR reservation, and captures what it covers of the new total.",
    cure: "Nothing to do.",
  },
  SEQR_REFUND_TOO_HIGH: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The refund exceeds the remaining amount of the payment.",
    cure: "Refund at most the remaining amount.",
  },
  SEQR_REFUND_UNKNOWN: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "SEQR did not answer a refund, so it may have been made. Repeating it could refund the amount twice.",
    cure: "Check with SEQR or in the reconciliation report whether it was made. Then decide in the admin, at this payment under SEQR or in its attention list: record the refund, make it again, or drop it. Until then the payment cannot be refunded further.",
  },
  SEQR_REFUND_RUNNING: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "Another refund of this payment is in progress.",
    cure: "Wait until it is finished.",
  },
  SEQR_REFUND_RECORDED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The plugin has just recorded an earlier SEQR refund of this amount in Medusa.",
    cure: "Load the order again. To make another refund of this amount, wait a minute.",
  },
  SEQR_REFUND_NOT_MADE: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR has not made a refund that it had not answered.",
    cure: "Refund again.",
  },
  SEQR_PAID_AMOUNT_DIFFERS: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "SEQR charged another amount than the invoice's latest one.",
    cure: "Nothing to do: if the cart has that total, the order is placed; otherwise the plugin refunds the payment.",
  },
  SEQR_ORDER_TOTAL_DIFFERS: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "The order was placed, and its total differs from the amount paid with SEQR.",
    cure: "Compare the two in the order; refund the difference, or accept it.",
  },
  SEQR_REVERSED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "The shopper had paid, and SEQR reversed the payment because the shop did not request the status in time.",
    cure: "The shop has nothing to refund. If it happens often, check that the store and its worker are running.",
  },
  SEQR_NO_SUCH_ENTRY: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "The attention list has no such entry.",
    cure: "Load the list again: the matter may have been resolved meanwhile.",
  },
  SEQR_NO_SUCH_NOTIFICATION: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "There is no notification with this id. Notifications are deleted after some time.",
    cure: "Use the id of a notification in `GET /admin/seqr/notifications`.",
  },
  SEQR_NOTIFICATION_UNKNOWN: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "No payment of this store has the address to which the notification was sent, so there is nothing to process.",
    cure: "Find the payment that is meant by its reference, and have SEQR asked about it.",
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
    cause: "The entry has changed since the list was loaded. No action was taken.",
    cure: "Load the list again, and decide about the current entry.",
  },
  SEQR_CHARACTER: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The request has the character U+0000, which no text can have, or a broken escape in its address.",
    cure: "Send the request without it.",
  },
  SEQR_NOT_JSON: {
    type: MedusaError.Types.INVALID_DATA,
    cause:
      "Decisions are accepted as `application/json` only, so that a form on another site cannot send one.",
    cure: "Send JSON, with the header Content-Type: application/json.",
  },
  SEQR_FOREIGN_PAGE: {
    type: MedusaError.Types.FORBIDDEN,
    cause: "The request comes from a page that is not the store's admin.",
    cure: "Decide in the admin. If the admin is served from another address, add that address to `http.adminCors`.",
  },
  SEQR_REFUNDED_ELSEWHERE: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "SEQR has refunded more of the payment than the ledger knows: another system refunds too, or the ledger was restored from a backup.",
    cure: "Compare the payment's refunds with SEQR's reconciliation report, and correct the accounts.",
  },
  SEQR_ORDER_ABANDONED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "Medusa failed while it placed an order, which now has no payment. The plugin has cancelled the order.",
    cure: "The shop has nothing to refund. If it happens often, check the log for crashes of the store's processes.",
  },
  SEQR_PAYMENT_FINISHED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The payment of this session was made, so the session cannot be deleted or replaced.",
    cure: "Refund the payment in the order instead.",
  },
  SEQR_DECISION: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "This action is not available for this entry.",
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
  SEQR_TERMINAL_UNKNOWN: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The terminal that made the invoice is not in the plugin's options any more.",
    cure: "Put its entry back into the options under its name, with `retired: true` if the store no longer sells with it, and restart the servers.",
  },
  SEQR_TERMINAL_RETIRED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The store no longer sells with this terminal: its options say `retired`.",
    cure: "Choose another payment provider. Staff take a retired one out of the regions: Settings, Regions, or `npx medusa-payment-seqr ready-region`.",
  },
  SEQR_CONFIGURATION: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The Medusa configuration does not name the plugin and its provider exactly once each.",
    cure: "Call `withSeqr` once around the configuration, and name neither of the two yourself.",
  },
  SEQR_ANSWER_CONTRADICTS: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "SEQR's receipt names another invoice, currency or amount than the plugin sent. The plugin does not process it.",
    cure: "Ask SEQR, with the invoice reference. If SEQR reports the amount that it charged, refund it in the attention list.",
  },
  SEQR_STATUS_UNKNOWN: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "SEQR answers with an undocumented status. The plugin does not treat it as a payment.",
    cure: "The plugin keeps polling. Ask SEQR, with the invoice reference.",
  },
  SEQR_ORDER_FAILED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "SEQR has the payment, and placing its order failed for a temporary reason.",
    cure: "The plugin retries, and refunds the payment if the failure persists. The log has the reason.",
  },
  SEQR_RECEIPT_FAILED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "A receipt for SEQR could not be made from the order.",
    cure: "The plugin retries; the log has the reason. No payment is concerned.",
  },
  SEQR_RECEIPT_INVALID: {
    type: MedusaError.Types.INVALID_DATA,
    cause: "The store's own receipt cannot be sent. SEQR gets the plugin's receipt instead.",
    cure: "Correct the handler of the hook `setReceiptDocument`; docs/receipts.md describes it.",
  },
  SEQR_REFUND_FAILED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "Refunding the payment of an impossible order failed inside the store.",
    cure: "The plugin retries; the log has the reason.",
  },
  ...BOOKS_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Creates the error that Medusa shows for a code: cause, detail and cure. */
export function seqrError(code: ErrorCode, detail?: string): MedusaError {
  const { type, cause, cure } = ERROR_CODES[code];
  return new MedusaError(type, [cause, detail, cure].filter(Boolean).join(" "), code);
}
