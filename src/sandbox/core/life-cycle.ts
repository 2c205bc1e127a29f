import type { InvoiceStatus } from "../../seqr";

/**
 * Stage of an invoice inside SEQR. It is finer than the merchant's status: whether the shopper has opened the bill or is
 * paying determines what can be changed, and whether a payment was acknowledged determines whether it is reversed.
 */
export type Stage =
  | "open"
  | "scanned"
  | "pending"
  | "paying"
  | "reserved"
  | "paid"
  | "acknowledged"
  | "cancelled"
  | "failed"
  | "expired";

/** The status that getPaymentStatus shows for each stage (PROTOCOL 4.1). */
export const STATUS = {
  open: "ISSUED",
  scanned: "ISSUED",
  pending: "PENDING_ISSUER_ACKNOWLEDGE",
  paying: "ISSUED",
  reserved: "RESERVED",
  paid: "PAID",
  acknowledged: "PAID",
  cancelled: "CANCELED",
  failed: "FAILED",
  expired: "EXPIRED",
} as const satisfies Record<Stage, InvoiceStatus>;

/** Who causes a transition. */
export type Actor = "merchant" | "shopper" | "bank" | "seqr";

interface Transition {
  event: string;
  by: Actor;
  from: readonly Stage[];
  to: Stage;
}

/** All transitions (PROTOCOL 4.2). No other transition is possible. */
export const TRANSITIONS = [
  { event: "update", by: "merchant", from: ["open"], to: "open" },
  { event: "update", by: "merchant", from: ["pending"], to: "scanned" },
  { event: "update", by: "merchant", from: ["reserved"], to: "reserved" },
  { event: "scan", by: "shopper", from: ["open"], to: "scanned" },
  { event: "scan and wait", by: "shopper", from: ["open"], to: "pending" },
  { event: "acknowledge", by: "merchant", from: ["pending"], to: "scanned" },
  { event: "confirm", by: "shopper", from: ["scanned"], to: "paying" },
  { event: "abort", by: "shopper", from: ["paying"], to: "scanned" },
  { event: "debit", by: "bank", from: ["paying"], to: "paid" },
  { event: "reserve", by: "bank", from: ["paying"], to: "reserved" },
  { event: "refuse", by: "bank", from: ["paying"], to: "failed" },
  { event: "acknowledge", by: "merchant", from: ["paid"], to: "acknowledged" },
  { event: "reverse", by: "seqr", from: ["paid"], to: "cancelled" },
  { event: "commit", by: "merchant", from: ["reserved"], to: "paid" },
  { event: "lapse", by: "seqr", from: ["reserved"], to: "cancelled" },
  { event: "cancel", by: "merchant", from: ["open", "scanned", "pending", "reserved"], to: "cancelled" },
  { event: "cancel in app", by: "shopper", from: ["open", "scanned", "pending"], to: "cancelled" },
  { event: "withdraw", by: "merchant", from: ["open", "scanned", "pending"], to: "cancelled" },
  { event: "expire", by: "seqr", from: ["open", "scanned", "pending"], to: "expired" },
] as const satisfies readonly Transition[];

export type Event = (typeof TRANSITIONS)[number]["event"];

/** The transition that an event causes in a stage, or undefined when it cannot happen there. */
export function transition(from: Stage, event: Event): Transition | undefined {
  const table: readonly Transition[] = TRANSITIONS;
  return table.find((row) => row.event === event && row.from.includes(from));
}

/** Whether the version increases: it counts the changes that the merchant can see (PROTOCOL 4.3). */
export function isVisible(from: Stage, to: Stage): boolean {
  return STATUS[from] !== STATUS[to];
}
