/** What other rooms may use of the ledger module without its tables. */
export { isOverdue } from "./cadence";
export { systemClock, after, type Clock } from "./clock";
export type { InvoiceRecord, RefundRecord } from "./ledger";
export { resolveInjectedOptions, resolveOptions, type ResolvedOptions, type SeqrOptions } from "./options";
export { problem, PROBLEMS, toMedusaError, type ProblemCode } from "./problems";
export { shopperStatus, type EndReason, type InvoiceState, type ShopperStatus } from "./states";
export type { CancelOutcome } from "./verbs/cancel-invoice";
export type { ObservationSource } from "./verbs/observe";
export type { default as SeqrModuleService } from "./service";
