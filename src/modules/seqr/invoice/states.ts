/**
 * The states of an invoice in the ledger: what we know of SEQR's money, and how far Medusa has followed.
 *
 * - `sending`: the intent is written, sendInvoice has not answered yet
 * - `open`: payable at SEQR
 * - `canceling`: we want it cancelled, SEQR has not confirmed
 * - `declined`: a payment was announced, the cart cannot become an order, and we do not acknowledge: SEQR reverses it
 * - `paid`: SEQR said PAID; nothing in Medusa yet
 * - `captured`: handed to Medusa; the order is not confirmed yet
 * - `settled`: the order is placed with this money
 * - `owed`: the order was cancelled in Medusa and the money, or the rest of it, is still ours: it goes back
 * - `returning`: paid, the order is impossible, the money goes back
 * - `returned`: the money is back, all of it
 * - `waived`: a person has taken it over; nothing happens by itself any more
 * - `canceled`, `expired`, `failed`: ended at SEQR without money
 * - `void`: was never payable
 */
export const INVOICE_STATES = [
  "sending",
  "open",
  "canceling",
  "declined",
  "paid",
  "captured",
  "settled",
  "owed",
  "returning",
  "returned",
  "waived",
  "canceled",
  "expired",
  "failed",
  "void",
] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

/** Every step that an invoice can take. What is not here does not happen. */
export const TRANSITIONS: Record<InvoiceState, readonly InvoiceState[]> = {
  sending: ["open", "void"],
  // returning without paid: SEQR took another sum than the invoice's, and a person has it given back
  open: ["paid", "canceling", "declined", "canceled", "expired", "failed", "returning", "waived"],
  canceling: ["paid", "canceled", "expired", "failed", "returning", "waived"],
  // open again when nobody had paid after all
  declined: ["open", "paid", "canceled", "expired", "failed", "returning", "waived"],
  paid: ["captured", "returning", "returned"],
  captured: ["settled", "paid", "returned"],
  settled: ["owed"],
  owed: ["returned", "waived"],
  returning: ["returned", "waived"],
  returned: [],
  waived: [],
  // SEQR has the last word: a payment that turns up after the end is taken up again.
  canceled: ["paid", "returning"],
  expired: ["paid", "returning"],
  failed: ["paid", "returning"],
  void: [],
};

/** States from which `state` can be reached. */
export function statesBefore(state: InvoiceState): InvoiceState[] {
  return INVOICE_STATES.filter((from) => TRANSITIONS[from].includes(state));
}

export function canStep(from: InvoiceState, to: InvoiceState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** States in which somebody can pay it, or may have: a purchase has one such invoice at most. */
export const PAYABLE_STATES = [
  "sending",
  "open",
  "canceling",
  "declined",
] as const satisfies readonly InvoiceState[];

/**
 * States in which money is being worked on: SEQR has it, and it is not yet certain that an order or a refund has come
 * of it.
 */
export const UNFINISHED_STATES = [
  "declined",
  "paid",
  "captured",
  "owed",
  "returning",
] as const satisfies readonly InvoiceState[];

/**
 * States that an answer of SEQR can change. What Medusa was given is not among them: an answer that comes late must not
 * take it back.
 */
export const AT_SEQR_STATES = [
  "open",
  "canceling",
  "declined",
  "canceled",
  "expired",
  "failed",
] as const satisfies readonly InvoiceState[];

/** States whose next step asks something of SEQR. */
export const ASKING_STATES = [
  "open",
  "canceling",
  "declined",
  "owed",
  "returning",
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
export const OVER_STATES = [
  "settled",
  "returned",
  "waived",
  "canceled",
  "expired",
  "failed",
  "void",
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
  | "returned"
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
  declined: "checking",
  paid: "placing",
  captured: "placing",
  settled: "paid",
  owed: "returned",
  returning: "returned",
  returned: "returned",
  waived: "clarifying",
  canceled: "canceled",
  expired: "expired",
  failed: "failed",
  void: "failed",
};

export function shopperStatus(state: InvoiceState, reason: EndReason | null): ShopperStatus {
  const status = SHOPPER_STATUS[state];
  return status === "canceled" && (reason === "superseded" || reason === "reversed") ? reason : status;
}
