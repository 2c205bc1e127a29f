/** A SEQR service for your own machine, with a phone. */
export * from "./core/clock";
export * from "./core/faults";
export * from "./core/ids";
export * from "./core/life-cycle";
export * from "./core/sandbox";
export * from "./core/settings";
export type {
  Deadline,
  NotificationRecord,
  Period,
  Reseller,
  Session,
  Sms,
  Snapshot,
  State,
  StoredInvoice,
  SubmittedReceipt,
  Terminal,
  Transaction,
} from "./core/state";
export type { Bill, PaymentEnd } from "./core/phone";
export type { Notify, Posting } from "./core/world";
export type { CallCount, RecordedCall } from "./http/call-log";
export * from "./errors";
export * from "./options";
export * from "./start";
