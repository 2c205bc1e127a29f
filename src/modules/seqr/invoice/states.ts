/**
 * The states of an invoice in the ledger: what we know of SEQR's money, and how far Medusa has followed.
 *
 * - `sending`: the intent is written, sendInvoice has not answered yet
 * - `open`: payable at SEQR
 * - `canceling`: we want it cancelled, SEQR has not confirmed
 * - `unacknowledged`: a payment was announced, the cart cannot become an order, and we do not acknowledge: SEQR reverses it
 * - `paid`: SEQR said PAID; nothing in Medusa yet
 * - `captured`: handed to Medusa; the order is not confirmed yet
 * - `completed`: the order is placed with this money
 * - `refund_due`: the order was cancelled in Medusa and the money, or the rest of it, is still ours: it goes back
 * - `refunding`: paid, the order is impossible, the money goes back
 * - `refunded`: the money is back, all of it
 * - `closed_by_staff`: a person has taken it over; nothing happens by itself any more
 * - `canceled`, `expired`, `failed`: ended at SEQR without money
 * - `not_issued`: was never payable
 */
export const INVOICE_STATES = [
  "sending",
  "open",
  "canceling",
  "unacknowledged",
  "paid",
  "captured",
  "completed",
  "refund_due",
  "refunding",
  "refunded",
  "closed_by_staff",
  "canceled",
  "expired",
  "failed",
  "not_issued",
] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

/** Every step that an invoice can take. What is not here does not happen. */
export const TRANSITIONS: Record<InvoiceState, readonly InvoiceState[]> = {
  sending: ["open", "not_issued"],
  // returning without paid: SEQR took another sum than the invoice's, and a person has it given back
  open: [
    "paid",
    "canceling",
    "unacknowledged",
    "canceled",
    "expired",
    "failed",
    "refunding",
    "closed_by_staff",
  ],
  canceling: ["paid", "canceled", "expired", "failed", "refunding", "closed_by_staff"],
  // open again when nobody had paid after all
  unacknowledged: ["open", "paid", "canceled", "expired", "failed", "refunding", "closed_by_staff"],
  paid: ["captured", "refunding", "refunded"],
  captured: ["completed", "paid", "refunded"],
  completed: ["refund_due"],
  refund_due: ["refunded", "closed_by_staff"],
  refunding: ["refunded", "closed_by_staff"],
  refunded: [],
  closed_by_staff: [],
  // SEQR has the last word: a payment that turns up after the end is taken up again.
  canceled: ["paid", "refunding"],
  expired: ["paid", "refunding"],
  failed: ["paid", "refunding"],
  not_issued: [],
};

/** States from which `state` can be reached. */
export function statesBefore(state: InvoiceState): InvoiceState[] {
  return INVOICE_STATES.filter((from) => TRANSITIONS[from].includes(state));
}

export function canTransition(from: InvoiceState, to: InvoiceState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** States in which somebody can pay it, or may have: a purchase has one such invoice at most. */
export const PAYABLE_STATES = [
  "sending",
  "open",
  "canceling",
  "unacknowledged",
] as const satisfies readonly InvoiceState[];

/**
 * States in which money is being worked on: SEQR has it, and it is not yet certain that an order or a refund has come
 * of it.
 */
export const UNRESOLVED_STATES = [
  "unacknowledged",
  "paid",
  "captured",
  "refund_due",
  "refunding",
] as const satisfies readonly InvoiceState[];

/**
 * States that an answer of SEQR can change. What Medusa was given is not among them: an answer that comes late must not
 * take it back.
 */
export const POLLABLE_STATES = [
  "open",
  "canceling",
  "unacknowledged",
  "canceled",
  "expired",
  "failed",
] as const satisfies readonly InvoiceState[];

/** States whose next step asks something of SEQR. */
export const CALLING_STATES = [
  "open",
  "canceling",
  "unacknowledged",
  "refund_due",
  "refunding",
  "canceled",
  "expired",
  "failed",
] as const satisfies readonly InvoiceState[];

/** States in which a purchase gets no further invoice: it is payable, or its money is being worked on. */
export const LIVE_STATES = [...PAYABLE_STATES, "paid", "captured"] as const satisfies readonly InvoiceState[];

export function isPayable(state: InvoiceState): boolean {
  return (PAYABLE_STATES as readonly InvoiceState[]).includes(state);
}

/** States in which nothing more happens by itself. */
export const FINAL_STATES = [
  "completed",
  "refunded",
  "closed_by_staff",
  "canceled",
  "expired",
  "failed",
  "not_issued",
] as const satisfies readonly InvoiceState[];

/** Ended at SEQR without money, as far as we know. */
export function isEnded(state: InvoiceState): boolean {
  return state === "canceled" || state === "expired" || state === "failed";
}

export function isLive(state: InvoiceState): boolean {
  return (LIVE_STATES as readonly InvoiceState[]).includes(state);
}

/** The states of a refund: asked for, made, refused by SEQR, or without a trustworthy answer. */
export const REFUND_STATES = ["requested", "done", "refused", "unknown"] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** What the shopper is told of an invoice's state. Each is public, and has words that are true in all that it covers. */
export type ShopperStatus =
  | "preparing"
  | "waiting"
  | "checking"
  | "placing"
  | "paid"
  | "refunded"
  | "clarifying"
  | "reversed"
  | "canceled"
  | "superseded"
  | "expired"
  | "failed";

/** Why an invoice ended without an order. */
export type EndReason =
  | "shopper"
  | "merchant"
  | "superseded"
  | "lifetime"
  | "reversed"
  | "seqr"
  | "not_sent"
  | "order_impossible"
  | "session_gone"
  | "paid_twice"
  | "nothing_owed"
  | "amount_differs"
  | "compensated"
  | "order_canceled"
  | "staff";

/** The state of an invoice that was cancelled at SEQR. */
export function canceledState(reason: EndReason): InvoiceState {
  return reason === "lifetime" ? "expired" : "canceled";
}

const SHOPPER_STATUS: Record<InvoiceState, ShopperStatus> = {
  sending: "preparing",
  open: "waiting",
  canceling: "checking",
  unacknowledged: "checking",
  paid: "placing",
  captured: "placing",
  completed: "paid",
  refund_due: "refunded",
  refunding: "refunded",
  refunded: "refunded",
  closed_by_staff: "clarifying",
  canceled: "canceled",
  expired: "expired",
  failed: "failed",
  not_issued: "failed",
};

export function shopperStatus(state: InvoiceState, reason: EndReason | null): ShopperStatus {
  const status = SHOPPER_STATUS[state];
  return status === "canceled" && (reason === "superseded" || reason === "reversed") ? reason : status;
}
