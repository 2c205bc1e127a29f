import type {
  AttentionAction,
  AttentionKind,
  AutomaticAction,
  Need,
} from "../modules/seqr/attention/attention-kinds";
import type { Cause, ItemClass, PeriodState } from "../modules/seqr/books/book-words";
import type { EndReason, InvoiceState } from "../modules/seqr/invoice/states";
import type { Page } from "./page";

/** An entry of the attention list: what is the matter with a payment or with the books, and what can be done about it. */
export interface AdminSeqrAttentionItem {
  /** Names the entry as it is now. When what it is about has changed, a decision under this id is refused. */
  id: string;
  kind: AttentionKind;
  /** Whether staff have to decide, to do nothing, or only to acknowledge it. */
  needs: Need;
  since: string;
  /** What the plugin does about it without a person; null when it does nothing. */
  automatic_action: AutomaticAction | null;
  /** When the plugin tries the automatic action next. */
  next_attempt_at: string | null;
  /** What a person can do. */
  actions: AttentionAction[];
  /** Null where the entry is about the books, and no payment is known. */
  invoice_id: string | null;
  /**
   * Name of the terminal that made the invoice; null for one from before a store could have several. Of an entry about the books, the
   * terminal whose period it is; null when it is that of the shop.
   */
  terminal: string | null;
  invoice_reference: string | null;
  /** SEQR's reference of the payment or refund; after a contradicting answer, the one that the answer names. */
  ers_reference: string | null;
  cart_id: string | null;
  order_id: string | null;
  /** Of the invoice; null where the entry is about the books. */
  state: InvoiceState | null;
  reason: EndReason | null;
  /** Code of the error that stands in the way; see docs/errors.md. */
  problem: string | null;
  /** Of the payment; of a difference in the books, as SEQR reports it, or else as the ledger has it. */
  amount: string | null;
  currency_code: string | null;
  /** What SEQR says that it took, where that contradicts the amount. */
  disputed_amount: string | null;
  /** The refund that the entry is about, if it is about one. */
  refund: { id: string; amount: string; requested_at: string } | null;
  /** The transaction period that the entry is about, if it is about one. */
  period: AdminSeqrAttentionPeriod | null;
  /** The difference that the entry is about, if it is about one. */
  difference: AdminSeqrAttentionDifference | null;
  /** What was decided about the payment, or about the period or its difference; oldest first. */
  decisions: AdminSeqrDecision[];
}

/** The transaction period of an entry of the attention list. */
export interface AdminSeqrAttentionPeriod {
  id: string;
  state: PeriodState;
  /** SEQR's id of it. */
  transaction_period_id: string | null;
  opened_at: string | null;
  /** When SEQR was asked to close it. */
  requested_at: string;
}

/** A difference that the reconciliation of a period has found. */
export interface AdminSeqrAttentionDifference {
  id: string;
  kind: "payment" | "refund";
  class: ItemClass;
  cause: Cause | null;
  /** SEQR's id of the terminal. */
  terminal_id: string;
  /** In the report, in the ledger, in Medusa; below zero for refunds, null where there is none. */
  reported_amount: string | null;
  expected_amount: string | null;
  medusa_amount: string | null;
}

/** What a member of staff decided about a payment. */
export interface AdminSeqrDecision {
  kind: string;
  /** Which entry of that kind. */
  subject: string;
  action: string;
  /** Medusa's id of the member of staff. */
  actor_id: string;
  /** The name of the member of staff, or else the e-mail; null when Medusa does not know the id any more. */
  actor: string | null;
  reason: string;
  decided_at: string;
}

/** `GET /admin/seqr/attention` */
export interface AdminSeqrAttentionList extends Page {
  attention_items: AdminSeqrAttentionItem[];
  /** Of the whole list, whatever was asked for: how many entries there are, and how many of them need what. */
  totals: Record<Need | "all", number>;
}

/** Query of `GET /admin/seqr/attention`. */
export interface AdminSeqrAttentionListParams {
  limit?: number;
  offset?: number;
  kind?: AttentionKind | AttentionKind[];
  needs?: Need | Need[];
}

/** Body of `POST /admin/seqr/attention/:id`. */
export interface AdminResolveSeqrAttention {
  action: AttentionAction;
  /** Why. May be left out only with `retry`. */
  reason?: string;
  /** SEQR's reference of a refund that turns out to have been made. */
  refund_reference?: string;
  /** SEQR's id of a lost period, as SEQR's support gives it: with `retry`. */
  transaction_period_id?: string;
}

/** Answer of `POST /admin/seqr/attention/:id`: the entries that the payment still has. */
export interface AdminSeqrAttentionResolved {
  attention_items: AdminSeqrAttentionItem[];
}

/** Body of `POST /admin/seqr/attention/dismiss`. */
export interface AdminDismissSeqrAttention {
  ids: string[];
  reason: string;
}

/** What became of one entry that was to be dismissed. */
export interface AdminSeqrDismissal {
  id: string;
  dismissed: boolean;
  /** Why it was not dismissed; both null when it was. */
  code: string | null;
  message: string | null;
}

/** Answer of `POST /admin/seqr/attention/dismiss`. */
export interface AdminSeqrAttentionDismissed {
  results: AdminSeqrDismissal[];
}
