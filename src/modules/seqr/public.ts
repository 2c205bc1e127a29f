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
  isAnnouncedLate,
  isFollowedUp,
  isOverdue,
  LOOKED_OVER,
  needsPerson,
  TRIED_FOR,
} from "./invoice/polling-schedule";
export {
  canStep,
  isEnded,
  shopperStatus,
  UNFINISHED_STATES,
  type EndReason,
  type InvoiceState,
  type ShopperStatus,
} from "./invoice/states";
export { hashToken } from "./invoice/tokens";
export type { AttentionPage, DecisionRecord, InvoiceRecord, RefundRecord, TokenKind } from "./ledger/ledger";
export type { MoneyEvent, MoneyEventData } from "./ledger/money-events";
export { checkProvider } from "./loader";
export type { CancelOutcome } from "./operations/cancel-invoice";
export type { ObservationSource } from "./operations/poll-payment-status";
export { REQUESTED_BY_MEDUSA, restOf } from "./operations/refund/refund-invoice";
export type { MadeDecision, SeqrPayments } from "./payments";
export type { default as SeqrModuleService } from "./service";
