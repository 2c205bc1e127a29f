import { needsPerson } from "./cadence";
import type { InvoiceRecord, RefundRecord } from "./ledger";

/** What a person can do about an entry. */
export const ATTENTION_ACTIONS = ["retry", "refund", "accept", "dismiss"] as const;
export type AttentionAction = (typeof ATTENTION_ACTIONS)[number];

interface Kind {
  /** What is the matter. */
  what: string;
  /** What will happen by itself; null when nothing will. */
  byItself: string | null;
  /** What each possible action means here. */
  actions: Partial<Record<AttentionAction, string>>;
}

/** Every kind of money that is neither an order nor a refund yet, or not as it should be. */
export const ATTENTION = {
  settling: {
    what: "Paid; the order is not placed yet.",
    byItself: "The order is placed. When that stays impossible, the money goes back.",
    actions: {
      retry: "Place the order now.",
      refund: "Give the money back; no order is placed.",
    },
  },
  reversing: {
    what: "A payment was announced, and the cart cannot become an order. The shop does not confirm the payment.",
    byItself: "SEQR returns the money within 20 seconds; then the plugin makes sure that it did.",
    actions: {},
  },
  returning: {
    what: "The money goes back to the shopper; SEQR has not done it yet.",
    byItself: "The refund is tried again.",
    actions: { retry: "Try now.", dismiss: "The money is returned in another way, or stays." },
  },
  return_refused: {
    what: "The money should go back to the shopper, and SEQR refuses the refund.",
    byItself: null,
    actions: {
      retry: "Try again, after SEQR has allowed it.",
      accept: "The money was returned in another way.",
      dismiss: "The money stays.",
    },
  },
  refund_unknown: {
    what: "SEQR did not answer a refund: nobody knows whether it was made. No other refund of the payment is possible.",
    byItself: null,
    actions: {
      retry: "It was not made: make it again.",
      accept: "It was made: count it.",
      dismiss: "It was not made, and is not to be made.",
    },
  },
  unreadable: {
    what: "SEQR gives no answer about this invoice that can be used.",
    byItself: "SEQR is asked again.",
    actions: { retry: "Ask now.", dismiss: "Stop asking; it was cleared up with SEQR." },
  },
  not_canceled: {
    what: "The invoice should be cancelled, and SEQR has not confirmed it: somebody may still pay it.",
    byItself: "It is cancelled again. A payment that was made meanwhile becomes the order, or goes back.",
    actions: { retry: "Cancel now.", dismiss: "Stop trying; it was cleared up with SEQR." },
  },
  refund_missing: {
    what: "Medusa says that a part of the payment was refunded, and SEQR has not done it.",
    byItself: null,
    actions: {
      accept: "It was put right, or returned in another way.",
      dismiss: "It is not to be returned.",
    },
  },
  amount_differs: {
    what: "The order was placed, and its total is not what was paid.",
    byItself: null,
    actions: { accept: "It was put right, or it is right." },
  },
  reversed: {
    what: "The shopper had paid, and SEQR took the payment back, since the shop did not confirm it in time. Nothing is owed.",
    byItself: null,
    actions: { dismiss: "Seen." },
  },
} as const satisfies Record<string, Kind>;

export type AttentionKind = keyof typeof ATTENTION;

/** One thing that stands between money and its order or refund. */
export interface AttentionEntry extends Kind {
  /** Stays the same for as long as it is listed. */
  id: string;
  kind: AttentionKind;
  since: Date;
  /** When the next step happens by itself; null when none will. */
  nextAt: Date | null;
  invoice: InvoiceRecord;
  /** The refund that it is about, if it is about one. */
  refund: RefundRecord | undefined;
}

/** What there is to attend to about an invoice. Follows from the ledger alone, so that no entry can be forgotten. */
export function attentionOf(invoice: InvoiceRecord, refunds: readonly RefundRecord[]): AttentionEntry[] {
  const unknown = refunds.find(({ state }) => state === "unknown");
  const kind = kindOf(invoice);
  return [
    ...(unknown
      ? [entry("refund_unknown", invoice, unknown.finished_at ?? unknown.requested_at, unknown)]
      : []),
    ...(kind ? [entry(kind, invoice, invoice.state_since)] : []),
  ];
}

function kindOf(invoice: InvoiceRecord): AttentionKind | undefined {
  switch (invoice.state) {
    case "paid":
    case "captured":
      return "settling";
    case "declined":
      return "reversing";
    case "owed":
    case "returning":
      return needsPerson(invoice) ? "return_refused" : "returning";
    default:
      return invoice.problem === null ? undefined : kindOfProblem(invoice);
  }
}

/** An invoice that is not in the middle of something, and has a problem. */
function kindOfProblem({ state, problem }: InvoiceRecord): AttentionKind | undefined {
  if (state === "void") return undefined;
  if (state === "canceling") return "not_canceled";
  if (state === "settled" && problem !== "SEQR_ORDER_TOTAL_DIFFERS") return "refund_missing";
  if (problem === "SEQR_ORDER_TOTAL_DIFFERS") return "amount_differs";
  if (problem === "SEQR_REVERSED") return "reversed";
  return "unreadable";
}

function entry(
  kind: AttentionKind,
  invoice: InvoiceRecord,
  since: Date,
  refund?: RefundRecord,
): AttentionEntry {
  const described: Kind = ATTENTION[kind];
  const nextAt = described.byItself === null ? null : invoice.due_at;
  return { ...described, id: `${invoice.id}.${kind}`, kind, since, nextAt, invoice, refund };
}
