/** What other rooms may use of the ledger module without its tables. */
export {
  ATTENTION_ACTIONS,
  attentionOf,
  invoiceOfEntry,
  type AttentionAction,
  type AttentionEntry,
} from "./attention";
export { ATTENTION_KINDS, kindOf, NEED_OF, NEEDS, type AttentionKind, type Need } from "./attention-rules";
export { isAnnouncedLate, isFollowedUp, isOverdue, LOOKED_OVER, needsPerson, TRIED_FOR } from "./cadence";
export { after, inTime, repeat, sleep, systemClock, type Clock } from "./clock";
export { DEPENDENCIES, PLUGIN, refuseSecond, type Configuration, type Entry } from "./configuration";
export type { MoneyEvent, MoneyEventData } from "./events";
export type { AttentionPage, DecisionRecord, InvoiceRecord, RefundRecord, TokenKind } from "./ledger";
export { oneLine } from "./one-line";
export { checkProvider } from "./loader";
export { providerIdOf, refuseUnknownOptions, type ResolvedOptions, type SeqrOptions } from "./options";
export { paymentAddress } from "./payment-address";
export { problem, PROBLEMS, toMedusaError, type ProblemCode } from "./problems";
export type { MadeDecision, SeqrPayments } from "./payments";
export { filledAddress, hasPlaceholders } from "./return-address";
export {
  canStep,
  isEnded,
  shopperStatus,
  type EndReason,
  type InvoiceState,
  type ShopperStatus,
} from "./states";
export { hashToken } from "./tokens";
export type { CancelOutcome } from "./verbs/cancel-invoice";
export type { ObservationSource } from "./verbs/observe";
export { REQUESTED_BY_MEDUSA, restOf } from "./verbs/refund-invoice";
export type { default as SeqrModuleService } from "./service";
