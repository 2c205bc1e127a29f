/** What other rooms may use of the ledger module without its tables. */
export {
  ATTENTION_ACTIONS,
  attentionOf,
  invoiceOfEntry,
  type AttentionAction,
  type AttentionEntry,
} from "./attention/attention-entries";
export {
  ATTENTION_KINDS,
  kindOf,
  NEED_OF,
  NEEDS,
  type AttentionKind,
  type Need,
} from "./attention/attention-rules";
export { DEPENDENCIES, refuseSecond, type Configuration, type Entry } from "./check-configuration";
export { paymentAddress } from "./invoice/payment-page-url";
export {
  isNotifiedAfterEnd,
  isFollowUpDue,
  isOverdue,
  requiresManualAction,
} from "./invoice/polling-schedule";
export { COMPLETION_TIME_LIMIT, RECONCILIATION_WINDOW, REFUND_RETRY_WINDOW } from "./invoice/time-limits";
export { STATE_TABLE } from "./invoice/state-table";
export {
  canTransition,
  isEnded,
  shopperStatus,
  UNRESOLVED_STATES,
  type EndReason,
  type InvoiceState,
  type ShopperStatus,
} from "./invoice/states";
export { hashToken } from "./invoice/tokens";
export type { AttentionPage, DecisionRecord, InvoiceRecord, RefundRecord, TokenKind } from "./ledger/ledger";
export type { MoneyEvent, MoneyEventData } from "./ledger/money-events";
export { checkProvider } from "./loader";
export type { CancelOutcome } from "./operations/cancel-invoice";
export type { PollSource } from "./operations/poll-payment-status";
export { REQUESTED_BY_MEDUSA, refundableAmount } from "./operations/refund/refund-invoice";
export type { MadeDecision, SeqrPayments } from "./payments";
export type { default as SeqrModuleService } from "./service";
