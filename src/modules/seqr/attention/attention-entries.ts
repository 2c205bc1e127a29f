import { toHundredths } from "../../../seqr";
import { kindOf, NEED_OF, type AttentionKind, type Need } from "./attention-rules";
import type { InvoiceRecord, RefundRecord } from "../ledger/ledger";
import type { ErrorCode } from "../../../errors/error-codes";

/** What a person can do about an entry. */
export const ATTENTION_ACTIONS = ["retry", "refund", "accept", "dismiss"] as const;
export type AttentionAction = (typeof ATTENTION_ACTIONS)[number];

const MISSING: ErrorCode = "SEQR_REFUND_NOT_MADE";

interface Kind {
  /** What is the matter. */
  what: string;
  /** What will happen by itself; null when nothing will. */
  byItself: string | null;
  /**
   * What a decision is about, and what must not have changed for it to hold: the invoice's state, its problem, or one
   * refund.
   */
  about: "state" | "problem" | "refund";
  /** What each possible action means here. */
  actions: Partial<Record<AttentionAction, string>>;
}

/** Every kind of money that is neither an order nor a refund yet, or not as it should be. */
export const ATTENTION: Record<AttentionKind, Kind> = {
  order_pending: {
    what: "Paid; the order is not placed yet.",
    byItself: "The order is placed. When that stays impossible, the money goes back.",
    about: "state",
    actions: {
      retry: "Place the order now.",
      refund: "Give the money back; no order is placed.",
    },
  },
  awaiting_reversal: {
    what: "A payment was announced, and the cart cannot become an order. The shop does not confirm the payment.",
    byItself: "SEQR returns the money within 20 seconds; then the plugin makes sure that it did.",
    about: "state",
    actions: {},
  },
  refunding: {
    what: "The money goes back to the shopper; SEQR has not done it yet.",
    byItself: "The refund is tried again.",
    about: "state",
    actions: { retry: "Try now.", dismiss: "The money is returned in another way, or stays." },
  },
  refund_refused: {
    what: "The money should go back to the shopper, and SEQR refuses the refund.",
    byItself: null,
    about: "problem",
    actions: {
      retry: "Try again, after SEQR has allowed it.",
      accept: "The money was returned in another way.",
      dismiss: "The money stays.",
    },
  },
  refund_unknown: {
    what: "SEQR did not answer a refund: nobody knows whether it was made. No other refund of the payment is possible.",
    byItself: null,
    about: "refund",
    actions: {
      retry: "It was not made: make it again.",
      accept: "It was made: count it.",
      dismiss: "It was not made, and is not to be made.",
    },
  },
  unreadable: {
    what: "SEQR gives no answer about this invoice that can be used.",
    byItself: "SEQR is asked again.",
    about: "problem",
    actions: {
      retry: "Ask now.",
      refund: "Give back what SEQR says it took; no order is placed.",
      dismiss: "Stop asking; it was cleared up with SEQR.",
    },
  },
  not_canceled: {
    what: "The invoice should be cancelled, and SEQR has not confirmed it: somebody may still pay it.",
    byItself: "It is cancelled again. A payment that was made meanwhile becomes the order, or goes back.",
    about: "state",
    actions: {
      retry: "Cancel now.",
      refund: "Give back what SEQR says it took; no order is placed.",
      dismiss: "Stop trying; it was cleared up with SEQR.",
    },
  },
  refund_missing: {
    what: "A refund that Medusa has in its books, or that a person wanted made again, was not made: SEQR refuses it.",
    byItself: null,
    about: "problem",
    actions: {
      accept: "It was put right, or returned in another way.",
      dismiss: "It is not to be returned.",
    },
  },
  refunded_elsewhere: {
    what: "SEQR says that more of the payment was refunded than the ledger knows of: another system refunds too, or the ledger was restored from a backup.",
    byItself: null,
    about: "problem",
    actions: {
      accept: "The refunds are right, and the books were put right.",
      dismiss: "Nothing is to be done about it.",
    },
  },
  contradicting: {
    what: "SEQR's answer about this invoice cannot be true: it names another invoice, currency or sum. It is not believed, and no order is placed with it.",
    byItself: null,
    about: "problem",
    actions: {
      retry: "Ask SEQR now.",
      refund: "Give back what SEQR says it took; no order is placed.",
      dismiss: "It was cleared up with SEQR.",
    },
  },
  amount_differs: {
    what: "The order was placed, and its total is not what was paid.",
    byItself: null,
    about: "problem",
    actions: { accept: "It was put right, or it is right." },
  },
  unexplained: {
    what: "The payment is finished, and a problem is noted with it that no finished payment should have. Its code says which.",
    byItself: null,
    about: "problem",
    actions: { accept: "It was put right, or nothing is wrong." },
  },
  reversed: {
    what: "The shopper had paid, and SEQR took the payment back, since the shop did not confirm it in time. Nothing is owed.",
    byItself: null,
    about: "problem",
    actions: { dismiss: "Seen." },
  },
  order_canceled: {
    what: "Medusa broke off while it placed the order, for which there is no payment. The plugin has cancelled the order. Nothing is owed.",
    byItself: null,
    about: "problem",
    actions: { dismiss: "Seen." },
  },
};

/** One thing that stands between money and its order or refund. */
export interface AttentionEntry extends Omit<Kind, "about"> {
  /** Names what it is about: of something that has changed, it is another one. */
  id: string;
  kind: AttentionKind;
  /** Which of its kind; the end of the id. */
  subject: string;
  needs: Need;
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

/** Of which invoice an entry is, by its id; undefined when it is the id of no entry. */
export function invoiceOfEntry(id: string): string | undefined {
  const [invoice, kind, subject] = id.split(".");
  return invoice && kind && subject && Object.hasOwn(ATTENTION, kind) ? invoice : undefined;
}

function entry(
  kind: AttentionKind,
  invoice: InvoiceRecord,
  since: Date,
  refund?: RefundRecord,
): AttentionEntry {
  const { about, actions, ...described } = ATTENTION[kind];
  const subject = subjectOf(about, invoice, refund);
  return {
    ...described,
    id: `${invoice.id}.${kind}.${subject}`,
    ...{ kind, subject, since, invoice, refund },
    needs: NEED_OF[kind],
    nextAt: described.byItself === null ? null : invoice.due_at,
    actions: possible(kind, actions, invoice),
  };
}

function subjectOf(
  about: Kind["about"],
  { state_since, problem, problem_no, problem_about, disputed_amount }: InvoiceRecord,
  refund: RefundRecord | undefined,
): string {
  if (refund) return refund.id;
  if (about === "problem" && problem === MISSING && problem_about !== null) return problem_about;
  const subject = String(about === "state" ? state_since.getTime() : problem_no);
  // What SEQR says it took can be given back: another sum is another matter.
  return disputed_amount === null ? subject : `${subject}-${toHundredths(disputed_amount)}`;
}

/** What Medusa has in hand cannot be given back, and after a contradicting answer only what SEQR is known to have taken. */
function possible(kind: AttentionKind, actions: Kind["actions"], invoice: InvoiceRecord): Kind["actions"] {
  const { state, disputed_reference, disputed_amount } = invoice;
  const canGiveBack =
    kind === "order_pending" ? state === "paid" : disputed_reference !== null && disputed_amount !== null;
  if (canGiveBack) return actions;
  return Object.fromEntries(Object.entries(actions).filter(([action]) => action !== "refund"));
}
