/** What other rooms may use of the ledger module without its tables. */
export {
  ATTENTION_ACTIONS,
  type AttentionAction,
  ATTENTION_KINDS,
  NEED_OF,
  NEEDS,
  type AttentionKind,
  type Need,
} from "./attention/attention-kinds";
export { attentionOf, invoiceOfEntry, type AttentionEntry } from "./attention/attention-entries";
export { booksOfEntry, type BooksEntry } from "./attention/books-entries";
export { isSandbox } from "./begin-serving";
export { entriesOfBooks, type BooksAttention, type BooksDecision } from "./books/books-attention";
export { kindOf } from "./attention/attention-rules";
export { Accounts, openAccounts, type Account, type Scope, type ScopeQuery } from "./books/accounts";
export {
  BOOKED_WITHOUT_REPORT,
  CAUSES,
  CLOSED_STATES,
  EXPORT_CONTENTS,
  EXPORT_FORMATS,
  hasItemsOfReport,
  isDecided,
  isWithoutReport,
  ITEM_CLASSES,
  PERIOD_STATES,
  type ExportContent,
  type ExportFormat,
} from "./books/book-words";
export type { BooksContext } from "./books/books-context";
export type { ItemRecord, PeriodRecord, ReportRecord } from "./books/books-ledger";
export type { BooksReader, PeriodFilter } from "./books/books-reader";
export {
  closedEvent,
  lostEvent,
  reconciledEvent,
  unreportedEvent,
  type PeriodEvent,
} from "./books/period-events";
export type {
  NewPeriodDecision,
  NewReport,
  NewReportRow,
  PeriodPatch,
  PeriodStore,
} from "./books/period-store";
export type { PeriodTotals } from "./books/reconciliation-store";
export { DEPENDENCIES, refuseSecond, type Configuration, type Entry } from "./check-configuration";
export { paymentAddress } from "./invoice/payment-page-url";
export {
  isCapturedByPlugin,
  isNotifiedAfterEnd,
  lapsesSoonFrom,
  recheckDue,
  isAbandonedOrderCheckDue,
  isOverdue,
  requiresManualAction,
} from "./invoice/polling-schedule";
export {
  COMPLETION_TIME_LIMIT,
  ORDER_PLACING_TIME_LIMIT,
  RECONCILIATION_WINDOW,
  REFUND_RETRY_WINDOW,
} from "./invoice/time-limits";
export { STATE_TABLE } from "./invoice/state-table";
export {
  canTransition,
  INVOICE_STATES,
  isEnded,
  isOfReservation,
  REFUND_STATES,
  shopperStatus,
  UNRESOLVED_STATES,
  type EndReason,
  type InvoiceState,
  type ReceiptState,
  type RefundState,
  type ShopperStatus,
  type StateOfReservation,
} from "./invoice/states";
export { hashToken } from "./invoice/tokens";
export { currentInvoice, findByToken, findByTokenHashes } from "./ledger/find-invoice";
export {
  acquireDueLeasesAt,
  acquireLease,
  acquireOtherDueLeases,
  keepLease,
  LONG_WAIT,
  releaseLease,
  SHORT_WAIT,
  waitForLease,
  withLease,
  workUnderLease,
} from "./ledger/lease";
export type {
  AttentionPage,
  DecisionRecord,
  DueReceiptRequest,
  InvoiceRecord,
  LeaseRequest,
  Observation,
  ReceiptOutcome,
  ReceiptRecord,
  RefundRecord,
  TokenKind,
} from "./ledger/ledger";
export type { MoneyEvent, MoneyEventData } from "./ledger/money-events";
export { checkProvider } from "./loader";
export { NOTIFICATION_RESULTS } from "./notifications/notification-results";
export type {
  Announcement,
  NotificationFilter,
  NotificationRecord,
  NotificationStore,
} from "./notifications/notification-store";
export type { ServerRecord, ServerStore } from "./servers/server-store";
export { decisionsOfInvoices, entriesOfInvoices, findAttentionEntries } from "./attention/find-entries";
export { authorizePayment } from "./operations/authorize-payment";
export { cancelInvoice, type CancelOutcome } from "./operations/cancel-invoice";
export { commitReservation, continueCommit } from "./operations/commit-reservation";
export { deleteOldNotifications } from "./operations/delete-old-notifications";
export { deleteOldObservations } from "./operations/delete-old-observations";
export { issueInvoice } from "./operations/issue-invoice";
export { listUnknownTerminals } from "./operations/list-unknown-terminals";
export type { OperationContext } from "./operations/operation-context";
export { pollPaymentStatus, type PollSource } from "./operations/poll-payment-status";
export { lockPurchase } from "./operations/purchase-lock";
export { recordDecision, type StaffDecision } from "./operations/record-decision";
export { recordNotification } from "./operations/record-notification";
export { recordPageView, recordPageViews } from "./operations/record-page-view";
export { rekeyRefund } from "./operations/refund/medusa-refund";
export {
  carryOutRequestedRefund,
  refundInvoice,
  REQUESTED_BY_MEDUSA,
} from "./operations/refund/refund-invoice";
export { continueRelease, releaseReservation } from "./operations/release-reservation";
export { endAbandonedRefunds } from "./operations/refund/finish-refund";
export { refundableAmount } from "./operations/refund/refundable-amount";
export { resolveUnknownRefund } from "./operations/refund/resolve-unknown-refund";
export type {
  Direction,
  PartOf,
  PaymentCursor,
  PaymentFilter,
  PaymentKeys,
  PaymentReader,
  RefundFilter,
} from "./payments/payment-reader";
export { reopenPayment } from "./operations/reopen-payment";
export { patchInvoice, takeTransition } from "./operations/take-transition";
export {
  isSeqrProvider,
  isTerminalUnknown,
  providerOf,
  type Endpoint,
  type Terminal,
} from "./operations/terminals";
export { updateInvoice } from "./operations/update-invoice";
export { wasPurchaseKept } from "./operations/was-purchase-kept";
export type { default as SeqrModuleService } from "./service";
