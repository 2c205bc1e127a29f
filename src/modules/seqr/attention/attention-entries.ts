import { toHundredths } from "../../../seqr";
import {
  BOOKS_KINDS,
  NEED_OF,
  type AttentionAction,
  type AttentionKind,
  type AutomaticAction,
  type BooksKind,
  type Need,
} from "./attention-kinds";
import { kindOf } from "./attention-rules";
import type { InvoiceRecord, RefundRecord } from "../ledger/ledger";
import type { ErrorCode } from "../../../errors/error-codes";

const MISSING: ErrorCode = "SEQR_REFUND_NOT_MADE";

interface Kind {
  /** What the plugin does about it at `due_at`; null when it leaves the entry to a person. */
  automaticAction: AutomaticAction | null;
  /**
   * What a decision is about, and what must not have changed for it to hold: the invoice's state, its problem, one
   * refund, a transaction period, or one item of a period's reconciliation.
   */
  about: "state" | "problem" | "refund" | "period" | "item";
  /** What a person can do. What each action means for a kind stands in `docs/attention.md` and in the admin's texts. */
  actions: readonly AttentionAction[];
}

/** Every kind of entry: a payment that is neither an order nor a refund yet, or not as it should be. */
export const ATTENTION: Record<AttentionKind, Kind> = {
  order_pending: { automaticAction: "place_order", about: "state", actions: ["retry", "refund"] },
  awaiting_reversal: { automaticAction: "check_reversal", about: "state", actions: [] },
  capture_pending: { automaticAction: "capture", about: "state", actions: ["retry"] },
  capture_refused: { automaticAction: null, about: "problem", actions: ["retry"] },
  releasing: { automaticAction: "release", about: "state", actions: ["retry", "dismiss"] },
  reservation_lapses: { automaticAction: null, about: "problem", actions: ["retry", "dismiss"] },
  reservation_lapsed: { automaticAction: null, about: "problem", actions: ["accept", "dismiss"] },
  refunding: { automaticAction: "refund", about: "state", actions: ["retry", "dismiss"] },
  refund_refused: { automaticAction: null, about: "problem", actions: ["retry", "accept", "dismiss"] },
  refund_unknown: { automaticAction: null, about: "refund", actions: ["retry", "accept", "dismiss"] },
  unreadable: { automaticAction: "poll", about: "problem", actions: ["retry", "refund", "dismiss"] },
  not_canceled: { automaticAction: "cancel", about: "state", actions: ["retry", "refund", "dismiss"] },
  refund_missing: { automaticAction: null, about: "problem", actions: ["accept", "dismiss"] },
  refunded_elsewhere: { automaticAction: null, about: "problem", actions: ["accept", "dismiss"] },
  terminal_unknown: { automaticAction: null, about: "problem", actions: ["retry", "dismiss"] },
  contradicting: { automaticAction: null, about: "problem", actions: ["retry", "refund", "dismiss"] },
  amount_differs: { automaticAction: null, about: "problem", actions: ["accept"] },
  unexplained: { automaticAction: null, about: "problem", actions: ["accept"] },
  period_lost: { automaticAction: null, about: "period", actions: ["retry", "accept"] },
  period_unreported: { automaticAction: null, about: "period", actions: ["retry", "accept"] },
  report_differs: { automaticAction: null, about: "period", actions: ["retry", "accept", "dismiss"] },
  summary_differs: { automaticAction: null, about: "period", actions: ["retry", "accept"] },
  books_difference: { automaticAction: null, about: "item", actions: ["retry", "accept"] },
  reversed: { automaticAction: null, about: "problem", actions: ["dismiss"] },
  order_canceled: { automaticAction: null, about: "problem", actions: ["dismiss"] },
};

/** An entry of the attention list: one thing that stands between a payment and its order or refund. */
export interface AttentionEntry extends Omit<Kind, "about"> {
  /** Names the entry as it is now. When what it is about has changed, the id is another one. */
  id: string;
  kind: AttentionKind;
  /** Which of its kind; the end of the id. */
  subject: string;
  needs: Need;
  since: Date;
  /** When the plugin tries the automatic action next; null when there is none. */
  nextAttemptAt: Date | null;
  invoice: InvoiceRecord;
  /** The refund that it is about, if it is about one. */
  refund: RefundRecord | undefined;
}

/** The entries of an invoice. They follow from the ledger alone, so that none can be forgotten. */
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

/** The id of the invoice that an entry is about, from the id of the entry; undefined when no entry has such an id. */
export function invoiceOfEntry(id: string): string | undefined {
  const [invoice, kind, subject] = id.split(".");
  return invoice && kind && subject && Object.hasOwn(ATTENTION, kind) && !isBooksKind(kind)
    ? invoice
    : undefined;
}

/** Whether entries of a kind are about a transaction period. */
export function isBooksKind(kind: string): kind is BooksKind {
  return BOOKS_KINDS.some((one) => one === kind);
}

function entry(
  kind: AttentionKind,
  invoice: InvoiceRecord,
  since: Date,
  refund?: RefundRecord,
): AttentionEntry {
  const { about, actions, automaticAction } = ATTENTION[kind];
  const subject = subjectOf(about, invoice, refund);
  return {
    id: `${invoice.id}.${kind}.${subject}`,
    ...{ kind, subject, since, invoice, refund },
    needs: NEED_OF[kind],
    automaticAction,
    nextAttemptAt: automaticAction === null ? null : invoice.due_at,
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
  // What SEQR says that it took can be refunded, so another amount makes another entry.
  return disputed_amount === null ? subject : `${subject}-${toHundredths(disputed_amount)}`;
}

/**
 * The actions that are possible now. A payment that Medusa has captured cannot be refunded here, and after a contradicting
 * answer only what SEQR is known to have taken can be.
 */
function possible(
  kind: AttentionKind,
  actions: readonly AttentionAction[],
  { state, disputed_reference, disputed_amount }: InvoiceRecord,
): readonly AttentionAction[] {
  const canRefund =
    kind === "order_pending"
      ? state === "paid" || state === "reserved"
      : disputed_reference !== null && disputed_amount !== null;
  return canRefund ? actions : actions.filter((action) => action !== "refund");
}
