import { STATE_TABLE, type InvoiceState, type ShopperStatus, type StateDefinition } from "./state-table";

export type { InvoiceState, ShopperStatus } from "./state-table";

/** All states of an invoice. */
export const INVOICE_STATES = Object.keys(STATE_TABLE) as InvoiceState[];

function statesWith(applies: (definition: StateDefinition<InvoiceState>) => boolean): InvoiceState[] {
  return INVOICE_STATES.filter((state) => applies(STATE_TABLE[state]));
}

/** States from which `state` can be reached. */
export function statesBefore(state: InvoiceState): InvoiceState[] {
  return statesWith(({ next }) => next.includes(state));
}

/** Whether an invoice can go from one state to another. */
export function canTransition(from: InvoiceState, to: InvoiceState): boolean {
  return STATE_TABLE[from].next.includes(to);
}

/** States in which the shopper can pay, or may have paid: a purchase has one such invoice at most. */
export const PAYABLE_STATES = statesWith(({ purchase }) => purchase === "payable");

/** States in which a purchase gets no further invoice: it is payable, or its money is becoming the order. */
export const LIVE_STATES = statesWith(({ purchase }) => purchase !== "ended");

/** States in which SEQR has or reserves the money, and neither an order, a refund nor a release is certain. */
export const UNRESOLVED_STATES = statesWith(({ progress }) => progress === "unresolved");

/** States in which nothing more happens automatically. */
export const FINAL_STATES = statesWith(({ progress }) => progress === "final");

/** States in which the purchase has to stay as it is, because the money may still become its order. */
export const ORDER_PENDING_STATES = LIVE_STATES.filter((state) => UNRESOLVED_STATES.includes(state));

/**
 * States that an answer of SEQR can change. They exclude those in which Medusa has the money, so that a late answer cannot
 * revert them.
 */
export const POLLABLE_STATES = statesWith(({ call }) => call === "poll");

const OF_A_RESERVATION = [
  "reserved",
  "authorized",
  "awaiting_capture",
  "capturing",
  "committed",
  "releasing",
  "lapsed",
] as const satisfies readonly InvoiceState[];

/** A state that only an invoice with a reservation has. */
export type StateOfReservation = (typeof OF_A_RESERVATION)[number];

/** Whether only an invoice with a reservation can be in a state. */
export function isOfReservation(state: InvoiceState): state is StateOfReservation {
  return OF_A_RESERVATION.some((one) => one === state);
}

/** States of a reservation that only an answer to a poll which began in them can change. */
export const RESERVATION_STATES = statesWith(({ call }) => call === "reservation");

/** States whose next step calls SEQR. */
export const CALLING_STATES = statesWith(({ call }) => call !== "none");

/** Those of them in which the invoice has not ended. */
export const STATES_BEFORE_END = CALLING_STATES.filter((state) => !isEnded(state));

/** States in which SEQR has charged the shopper, if the ledger has SEQR's reference of the payment. */
export const CHARGED_STATES = statesWith(({ charged }) => charged !== "no");

/** States in which an updated amount is still recorded. */
export const UPDATABLE_STATES = statesWith(({ updatable }) => updatable);

/** How a receipt for SEQR stands; `skipped` where the option `receipts` is `off`. */
export const RECEIPT_STATES = ["pending", "sent", "refused", "skipped"] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];

/** States that allow one kind of entry in the attention list. */
export function statesNeeding(attention: StateDefinition["attention"]): InvoiceState[] {
  return statesWith((definition) => definition.attention === attention);
}

/** Whether the shopper can pay the invoice, or may have paid it. */
export function isPayable(state: InvoiceState): boolean {
  return PAYABLE_STATES.includes(state);
}

/** Whether the purchase of the invoice gets no further one. */
export function isLive(state: InvoiceState): boolean {
  return LIVE_STATES.includes(state);
}

/** Whether the invoice ended at SEQR without money, as far as the ledger knows. */
export function isEnded(state: InvoiceState): boolean {
  const { progress, call } = STATE_TABLE[state];
  return progress === "final" && call === "poll";
}

/** The states of a refund: requested, made, refused by SEQR, or without a trustworthy answer. */
export const REFUND_STATES = ["requested", "done", "refused", "unknown"] as const;
export type RefundState = (typeof REFUND_STATES)[number];

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
  | "order_changed"
  | "lapses_soon"
  | "staff";

/** The state of an invoice that was cancelled at SEQR. */
export function canceledState(reason: EndReason): InvoiceState {
  return reason === "lifetime" ? "expired" : "canceled";
}

/** The status of an invoice for the shopper. */
export function shopperStatus(state: InvoiceState, reason: EndReason | null): ShopperStatus {
  const { status } = STATE_TABLE[state].shopper;
  return state === "canceled" && (reason === "superseded" || reason === "reversed") ? reason : status;
}
