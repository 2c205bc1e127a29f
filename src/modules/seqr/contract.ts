/** What other rooms may use of the ledger module without its tables. */
export {
  ATTENTION_ACTIONS,
  attentionOf,
  type AttentionAction,
  type AttentionEntry,
  type AttentionKind,
} from "./attention";
export { isAnnouncedLate, isOverdue, needsPerson } from "./cadence";
export { after, inTime, repeat, sleep, systemClock, type Clock } from "./clock";
export type { MoneyEvent, MoneyEventData } from "./events";
export type { DecisionRecord, InvoiceRecord, RefundRecord, TokenKind } from "./ledger";
export { resolveInjectedOptions, resolveOptions, type ResolvedOptions, type SeqrOptions } from "./options";
export { paymentAddress } from "./payment-address";
export { problem, PROBLEMS, toMedusaError, type ProblemCode } from "./problems";
export type { SeqrPayments } from "./payments";
export { isEnded, shopperStatus, type EndReason, type InvoiceState, type ShopperStatus } from "./states";
export { hashToken } from "./tokens";
export type { CancelOutcome } from "./verbs/cancel-invoice";
export type { ObservationSource } from "./verbs/observe";
export { REQUESTED_BY_MEDUSA, restOf } from "./verbs/refund-invoice";
export type { default as SeqrModuleService } from "./service";
