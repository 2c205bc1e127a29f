import { PaymentSessionStatus } from "@medusajs/framework/utils";
import {
  MIN_REFUND_TIME_LIMIT,
  ORDER_PLACING_TIME_LIMIT,
  SENDING_TIME_LIMIT,
  SURELY_REVERSED,
} from "./time-limits";

/** The shopper's status of an invoice's state. Each is public, and has words that are true in all that it covers. */
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

/** Name of an event, and its log level. */
export type EventDescription = readonly [name: `seqr.${string}`, level: "info" | "warn" | "error"];

/** Everything that the plugin has to know about a state. A new state that does not say all of it does not compile. */
export interface StateDefinition<State extends string = string> {
  /** The states that can follow. Every other transition is refused. */
  next: readonly State[];
  /**
   * What the invoice means for its purchase. `payable`: the shopper can pay it, or may have done so unseen; a purchase has
   * one such invoice at most. `placing`: its money is becoming the order. `ended`: the purchase can get another invoice.
   */
  purchase: "payable" | "placing" | "ended";
  /**
   * What SEQR is called for next. `poll`: the status; an answer to any poll of the invoice changes the state. `reservation`: the
   * status, the commit or the release of a reservation; only an answer to a poll that began in this state changes it.
   */
  call: "poll" | "reservation" | "refund" | "none";
  /**
   * `unresolved`: SEQR has or reserves the money, and neither an order, a refund nor a release is certain. `final`: nothing
   * more happens automatically. `pending`: neither.
   */
  progress: "pending" | "unresolved" | "final";
  /**
   * Whether SEQR has charged the shopper, as far as the ledger knows. `recorded`: it has, and Medusa has the capture. `yes`: it has, and
   * Medusa may have no capture. `referenced`: it has if the ledger has SEQR's reference of the payment. `no`: it has not.
   */
  charged: "recorded" | "yes" | "referenced" | "no";
  /** Whether an updated amount is still recorded: the ledger may be further when SEQR answers to updateInvoice. */
  updatable: boolean;
  /** Whether, a minute after it ended, the invoice is checked once for an order that a crashed process has left unpaid. */
  checkAbandonedOrder: boolean;
  /** Milliseconds after which the invoice should have left the state; null when it may stay. */
  timeLimit: number | null;
  /** Which entry of the attention list it can be; `problem`: one about its problem only; `never`: none. */
  attention:
    | "order"
    | "reservation"
    | "capture"
    | "release"
    | "refund"
    | "reversal"
    | "cancellation"
    | "finished"
    | "problem"
    | "never";
  /** Status of the payment session in Medusa. */
  session: PaymentSessionStatus;
  /** What the shopper sees. If a purchase has several invoices, the shopper sees the one whose state has the lowest `rank`. */
  shopper: { status: ShopperStatus; rank: number };
  /** The event that is emitted when an invoice enters the state. */
  event: EventDescription | null;
}

/** The states of an invoice in the ledger: how SEQR's payment stands, and how far Medusa has followed. */
const TABLE = {
  /** The intent is recorded; sendInvoice has not answered yet. */
  sending: {
    next: ["open", "not_issued"],
    purchase: "payable",
    call: "none",
    progress: "pending",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: SENDING_TIME_LIMIT,
    attention: "problem",
    session: PaymentSessionStatus.PENDING,
    shopper: { status: "preparing", rank: 2 },
    event: null,
  },
  /** The shopper can pay. Goes to `refunding` without `paid` when SEQR took another amount and staff refund it. */
  open: {
    next: [
      "paid",
      "reserved",
      "canceling",
      "unacknowledged",
      "canceled",
      "expired",
      "failed",
      "refunding",
      "closed_by_staff",
    ],
    purchase: "payable",
    call: "poll",
    progress: "pending",
    charged: "no",
    updatable: true,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "problem",
    session: PaymentSessionStatus.PENDING,
    shopper: { status: "waiting", rank: 2 },
    event: ["seqr.invoice.opened", "info"],
  },
  /**
   * The plugin cancels it; SEQR has not confirmed. The next call cancels it again, and polls if SEQR refuses because the shopper
   * is paying. `call` is `poll` because SEQR's answers to both change the state.
   */
  canceling: {
    next: ["paid", "reserved", "canceled", "expired", "failed", "refunding", "closed_by_staff"],
    purchase: "payable",
    call: "poll",
    progress: "pending",
    charged: "no",
    updatable: true,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "cancellation",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "checking", rank: 2 },
    event: ["seqr.invoice.cancel_unknown", "warn"],
  },
  /**
   * A payment was announced and the cart cannot become an order. SEQR is not polled until it has surely reversed the payment
   * (the time limit); then one poll checks that. Returns to `open` when there was no payment.
   */
  unacknowledged: {
    next: ["open", "paid", "reserved", "canceled", "expired", "failed", "refunding", "closed_by_staff"],
    purchase: "payable",
    call: "poll",
    progress: "unresolved",
    charged: "no",
    updatable: true,
    checkAbandonedOrder: false,
    timeLimit: SURELY_REVERSED,
    attention: "reversal",
    session: PaymentSessionStatus.PENDING,
    shopper: { status: "checking", rank: 2 },
    event: ["seqr.payment.unacknowledged", "warn"],
  },
  /** SEQR said PAID; Medusa has nothing yet. */
  paid: {
    next: ["captured", "refunding", "refunded"],
    purchase: "placing",
    call: "none",
    progress: "unresolved",
    charged: "yes",
    updatable: true,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "order",
    session: PaymentSessionStatus.CAPTURED,
    shopper: { status: "placing", rank: 1 },
    event: ["seqr.payment.received", "info"],
  },
  /**
   * `authorizePayment` has answered `captured` to Medusa; its order is not confirmed yet. SEQR charges without a separate
   * capture.
   */
  captured: {
    next: ["completed", "paid", "refunded"],
    purchase: "placing",
    call: "none",
    progress: "unresolved",
    charged: "yes",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: ORDER_PLACING_TIME_LIMIT,
    attention: "order",
    session: PaymentSessionStatus.CAPTURED,
    shopper: { status: "placing", rank: 1 },
    event: ["seqr.payment.captured", "info"],
  },
  /** SEQR said RESERVED; Medusa has nothing yet. */
  reserved: {
    next: ["authorized", "releasing"],
    purchase: "placing",
    call: "none",
    progress: "unresolved",
    charged: "no",
    updatable: true,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "order",
    session: PaymentSessionStatus.AUTHORIZED,
    shopper: { status: "placing", rank: 1 },
    event: ["seqr.reservation.received", "info"],
  },
  /** `authorizePayment` has answered `authorized` to Medusa; its order is not confirmed yet. */
  authorized: {
    next: ["awaiting_capture", "reserved", "releasing"],
    purchase: "placing",
    call: "none",
    progress: "unresolved",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: ORDER_PLACING_TIME_LIMIT,
    attention: "order",
    session: PaymentSessionStatus.AUTHORIZED,
    shopper: { status: "placing", rank: 1 },
    event: ["seqr.reservation.authorized", "info"],
  },
  /** The order is placed with this reservation, which waits for its capture. */
  awaiting_capture: {
    next: ["capturing", "committed", "releasing", "lapsed"],
    purchase: "ended",
    call: "reservation",
    progress: "pending",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "reservation",
    session: PaymentSessionStatus.AUTHORIZED,
    shopper: { status: "paid", rank: 0 },
    event: ["seqr.reservation.order_placed", "info"],
  },
  /**
   * The intent to capture is recorded, and SEQR is asked to commit the reservation. The outcome is unknown until SEQR says PAID.
   * Goes to `refunding` when SEQR took another amount and staff refund it.
   */
  capturing: {
    next: ["committed", "awaiting_capture", "releasing", "lapsed", "refunding", "closed_by_staff"],
    purchase: "ended",
    call: "reservation",
    progress: "unresolved",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "capture",
    session: PaymentSessionStatus.AUTHORIZED,
    shopper: { status: "paid", rank: 0 },
    event: ["seqr.capture.requested", "info"],
  },
  /** SEQR has charged the committed amount; Medusa's record of the capture is not confirmed yet. */
  committed: {
    next: ["completed", "refunded"],
    purchase: "ended",
    call: "none",
    progress: "unresolved",
    charged: "yes",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: ORDER_PLACING_TIME_LIMIT,
    attention: "capture",
    session: PaymentSessionStatus.CAPTURED,
    shopper: { status: "paid", rank: 0 },
    event: ["seqr.capture.made", "info"],
  },
  /**
   * No order is possible, or it was cancelled: the plugin releases the reservation, and SEQR has not confirmed it. Goes to
   * `refunding` when SEQR has charged it meanwhile.
   */
  releasing: {
    next: ["canceled", "refunding", "closed_by_staff"],
    purchase: "ended",
    call: "reservation",
    progress: "unresolved",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "release",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "canceled", rank: 3 },
    event: ["seqr.reservation.releasing", "warn"],
  },
  /** SEQR has released the reservation because it was not captured in time: its order is unpaid. */
  lapsed: {
    next: [],
    purchase: "ended",
    call: "none",
    progress: "final",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "problem",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "canceled", rank: 3 },
    event: ["seqr.reservation.lapsed", "error"],
  },
  /**
   * The order is placed with this payment, and Medusa has its capture. Returns to `paid` when core rolls the order back after all.
   */
  completed: {
    next: ["refund_due", "paid"],
    purchase: "ended",
    call: "none",
    progress: "final",
    charged: "recorded",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "finished",
    session: PaymentSessionStatus.CAPTURED,
    shopper: { status: "paid", rank: 0 },
    event: ["seqr.payment.completed", "info"],
  },
  /** The order was cancelled in Medusa; the rest of its money has to be refunded. */
  refund_due: {
    next: ["refunded", "closed_by_staff"],
    purchase: "ended",
    call: "refund",
    progress: "unresolved",
    charged: "recorded",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: MIN_REFUND_TIME_LIMIT,
    attention: "refund",
    session: PaymentSessionStatus.CAPTURED,
    shopper: { status: "refunded", rank: 0 },
    event: ["seqr.payment.refund_due", "warn"],
  },
  /** Paid, and no order is possible: the payment is being refunded. */
  refunding: {
    next: ["refunded", "closed_by_staff"],
    purchase: "ended",
    call: "refund",
    progress: "unresolved",
    charged: "yes",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: MIN_REFUND_TIME_LIMIT,
    attention: "refund",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "refunded", rank: 3 },
    event: ["seqr.payment.refunding", "warn"],
  },
  /** All of the payment is refunded. */
  refunded: {
    next: [],
    purchase: "ended",
    call: "none",
    progress: "final",
    charged: "yes",
    updatable: false,
    checkAbandonedOrder: true,
    timeLimit: null,
    attention: "finished",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "refunded", rank: 3 },
    event: ["seqr.payment.refunded", "info"],
  },
  /** Staff have taken the payment over; the plugin does nothing more. */
  closed_by_staff: {
    next: [],
    purchase: "ended",
    call: "none",
    progress: "final",
    charged: "referenced",
    updatable: false,
    checkAbandonedOrder: false,
    timeLimit: null,
    attention: "finished",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "clarifying", rank: 3 },
    event: ["seqr.payment.closed_by_staff", "warn"],
  },
  /** Cancelled at SEQR without a payment. SEQR has the last word: a payment that is found later is processed. */
  canceled: {
    next: ["paid", "reserved", "refunding"],
    purchase: "ended",
    call: "poll",
    progress: "final",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: true,
    timeLimit: null,
    attention: "problem",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "canceled", rank: 4 },
    event: ["seqr.invoice.canceled", "info"],
  },
  /** Cancelled at SEQR at the end of its lifetime. */
  expired: {
    next: ["paid", "reserved", "refunding"],
    purchase: "ended",
    call: "poll",
    progress: "final",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: true,
    timeLimit: null,
    attention: "problem",
    session: PaymentSessionStatus.CANCELED,
    shopper: { status: "expired", rank: 4 },
    event: ["seqr.invoice.expired", "info"],
  },
  /** The shopper's bank refused the payment. */
  failed: {
    next: ["paid", "reserved", "refunding"],
    purchase: "ended",
    call: "poll",
    progress: "final",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: true,
    timeLimit: null,
    attention: "problem",
    session: PaymentSessionStatus.ERROR,
    shopper: { status: "failed", rank: 4 },
    event: ["seqr.invoice.failed", "info"],
  },
  /** It was never payable: its code was not shown. */
  not_issued: {
    next: [],
    purchase: "ended",
    call: "none",
    progress: "final",
    charged: "no",
    updatable: false,
    checkAbandonedOrder: true,
    timeLimit: null,
    attention: "never",
    session: PaymentSessionStatus.ERROR,
    shopper: { status: "failed", rank: 4 },
    event: null,
  },
} as const satisfies Record<string, StateDefinition>;

export type InvoiceState = keyof typeof TABLE;

/** The table of states, from which every list of states is derived. */
export const STATE_TABLE: Record<InvoiceState, StateDefinition<InvoiceState>> = TABLE;
