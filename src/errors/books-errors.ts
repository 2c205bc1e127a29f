import { MedusaError } from "@medusajs/framework/utils";

/** The failures of the books that the plugin itself reports. Part of `ERROR_CODES`. */
export const BOOKS_ERRORS = {
  SEQR_NO_SUCH_PERIOD: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "The books have no transaction period with this id.",
    cure: "Use the id of a period in `GET /admin/seqr/periods`.",
  },
  SEQR_NO_SUCH_REPORT: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "The transaction period has no report with this id.",
    cure: "Use the id of a report in `GET /admin/seqr/periods/<id>`.",
  },
  SEQR_PERIOD_NOT_RECONCILED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The transaction period is not reconciled, so what it comes to is not known.",
    cure: "Wait until it is reconciled, or decide about it in the attention list. One without a report, once it is accepted, waits for the period after it.",
  },
  SEQR_SIE_ACCOUNT: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The books cannot be exported as SIE, because no account is known for a tax rate of an order.",
    cure: "Add the account to the option `books`; docs/books.md shows how.",
  },
  SEQR_SIE_CURRENCY: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "The books cannot be exported as SIE, because nothing in them is in Swedish kronor.",
    cure: "Export them as CSV or JSON.",
  },
  SEQR_ACCOUNT_UNKNOWN: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "The options have no such account at SEQR, or several.",
    cure: "Set the option `reseller`; with several accounts, name the one whose period is closed.",
  },
  SEQR_PERIOD_TERMINAL: {
    type: MedusaError.Types.NOT_FOUND,
    cause: "No account whose periods can be closed has a terminal of this name.",
    cure: "Name a terminal as the options do, and set the option `reseller` for it.",
  },
  SEQR_PERIOD_SCOPE: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "The account's periods are closed of another scope. The shop's period and those of its terminals have the same payments, so nothing was closed.",
    cure: "Close what the option `periods` says or was closed before. To change the scope, set `periods.scope`, or close it once with `force`.",
  },
  SEQR_PERIOD_CLOSING: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause:
      "SEQR's transaction period is being closed by another request or server, or was closed for that day.",
    cure: "Load the list of periods again.",
  },
  SEQR_PERIOD_LOST: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause:
      "The server crashed while SEQR closed the transaction period, so it is not known whether SEQR did, and under which id.",
    cure: "Ask SEQR for the id of the period that was closed at that time, and enter it. If SEQR closed none, the next report has its payments.",
  },
  SEQR_PERIOD_REPEATED: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR answered with a transaction period that it had closed before. No period was closed.",
    cure: "Close the period again in some minutes.",
  },
  SEQR_PERIOD_ID_TAKEN: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "Another transaction period of the account has the id that was entered. Nothing was changed.",
    cure: "Ask SEQR for the id of the period that was closed at the time of the lost one.",
  },
  SEQR_PERIOD_TIME: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "SEQR's report under the id that was entered has payments of another time than the period's.",
    cure: "Compare the id with SEQR's answer; then enter the right one, or accept the period as it is.",
  },
  SEQR_PERIOD_STATE: {
    type: MedusaError.Types.NOT_ALLOWED,
    cause: "This is not possible with the transaction period in its state.",
    cure: "A lost period needs SEQR's id of it, which can be corrected until its report agrees; the reports of others can be fetched again.",
  },
  SEQR_BOOKS_FAILED: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "A transaction period could not be processed inside the store.",
    cure: "The plugin retries; the log has the reason.",
  },
  SEQR_BOOKS_DIFFER: {
    type: MedusaError.Types.UNEXPECTED_STATE,
    cause: "A period that was closed has differences, or SEQR's report on it cannot be had.",
    cure: "Decide about the entries of the attention list.",
  },
} as const;
