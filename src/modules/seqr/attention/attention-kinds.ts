// The codes of the attention list, which the admin API sends and takes. This file imports nothing, so that clients can use it.

/**
 * What an entry of the attention list needs: a decision of a person, nothing, because it resolves automatically, or only an
 * acknowledgement. In the order in which they are listed.
 */
export const NEEDS = ["person", "nothing", "acknowledgement"] as const;
export type Need = (typeof NEEDS)[number];

/** What each kind of entry needs. */
export const NEED_OF = {
  refund_unknown: "person",
  refund_refused: "person",
  refunded_elsewhere: "person",
  terminal_unknown: "person",
  contradicting: "person",
  refund_missing: "person",
  reservation_lapsed: "person",
  reservation_lapses: "person",
  capture_refused: "person",
  amount_differs: "person",
  unexplained: "person",
  period_lost: "person",
  period_unreported: "person",
  report_differs: "person",
  summary_differs: "person",
  books_difference: "person",
  order_pending: "nothing",
  awaiting_reversal: "nothing",
  refunding: "nothing",
  capture_pending: "nothing",
  releasing: "nothing",
  unreadable: "nothing",
  not_canceled: "nothing",
  reversed: "acknowledgement",
  order_canceled: "acknowledgement",
} as const satisfies Record<string, Need>;

export type AttentionKind = keyof typeof NEED_OF;

export const ATTENTION_KINDS = Object.keys(NEED_OF) as AttentionKind[];

/** The kinds that are about SEQR's transaction periods, and not about one payment. */
export const BOOKS_KINDS = [
  "period_lost",
  "period_unreported",
  "report_differs",
  "summary_differs",
  "books_difference",
] as const satisfies readonly AttentionKind[];
export type BooksKind = (typeof BOOKS_KINDS)[number];

/** What a person can do about an entry. */
export const ATTENTION_ACTIONS = ["retry", "refund", "accept", "dismiss"] as const;
export type AttentionAction = (typeof ATTENTION_ACTIONS)[number];

/** What the plugin does about an entry without a person. */
export type AutomaticAction =
  "place_order" | "check_reversal" | "capture" | "release" | "refund" | "poll" | "cancel";
