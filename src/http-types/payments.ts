import type { AttentionAction, AttentionKind } from "../modules/seqr/attention/attention-kinds";
import type { EndReason, InvoiceState, ReceiptState, RefundState } from "../modules/seqr/invoice/states";
import type { AdminSeqrAttentionItem } from "./attention";
import type { Page } from "./page";

/** How a payment stands, worked out from SEQR's payment and its refunds. */
export type AdminSeqrPaymentStatus =
  "pending" | "reserved" | "paid" | "partially_refunded" | "refunded" | "ended" | "attention";

/** A row of the list of payments. */
export interface AdminSeqrPaymentRow {
  /** The ledger's id of the invoice. */
  id: string;
  status: AdminSeqrPaymentStatus;
  state: InvoiceState;
  reason: EndReason | null;
  /** Code of the error that stands in the way; see docs/errors.md. */
  problem: string | null;
  /** Name of the terminal; null for invoices from before a store could have several. */
  terminal: string | null;
  invoice_reference: string | null;
  ers_reference: string | null;
  cart_id: string | null;
  order_id: string | null;
  /** Number of the order, as staff and shoppers say it. */
  order_display_id: number | null;
  amount: string;
  /** What was refunded, without refunds of unknown outcome. */
  refunded_amount: string;
  /** The amount that SEQR has charged, less what was refunded. */
  net_amount: string;
  currency_code: string;
  created_at: string;
  paid_at: string | null;
}

/** What the list can be sorted by; with `-` before it, the latest or greatest first. */
export type AdminSeqrPaymentOrder = "created_at" | "-created_at";

/** Query of `GET /admin/seqr/payments`, and of the export without `limit` and `offset`. */
export interface AdminSeqrPaymentListParams {
  limit?: number;
  offset?: number;
  /**
   * A whole reference: number of an order (`12`, `#12`), `ersReference`, `invoiceReference`, reference of a refund; id of a cart, order,
   * session, payment, invoice or refund; or the shopper's e-mail.
   */
  q?: string;
  state?: InvoiceState | InvoiceState[];
  /** Name of a terminal. */
  terminal?: string | string[];
  currency_code?: string | string[];
  /** Made from this moment on, and before that one; or from the first of these days to the second, `2026-01-31`. */
  from?: string;
  to?: string;
  /** Whether an error stands in the way. */
  has_problem?: boolean;
  /** Default `-created_at`. */
  order?: AdminSeqrPaymentOrder;
}

/** `GET /admin/seqr/payments` */
export interface AdminSeqrPaymentList extends Page {
  payments: AdminSeqrPaymentRow[];
  /** Whether there are more than `count`: no more than a thousand behind this part are counted. */
  has_more: boolean;
}

/** Something that happened to a payment. */
export interface AdminSeqrTimelineEntry {
  id: string;
  at: string;
  kind:
    | "sent"
    | "notified"
    | "asked"
    | "paid"
    | "reserved"
    | "order_placed"
    | "captured"
    | "ended"
    | "refund_requested"
    | "refund_done"
    | "refund_refused"
    | "refund_unknown"
    | "receipt_sent"
    | "receipt_refused"
    | "decision";
  /**
   * Of `asked`: what was asked, and what SEQR answered: its status, or the code of the error. Of refunds and receipts `0`, or the code of
   * the error; of `ended` the state.
   */
  operation?: string;
  source?: string;
  result?: string | null;
  /** Of refunds, captures and payments. */
  amount?: string;
  /** SEQR's reference of the payment or refund. */
  reference?: string | null;
  /** Why the payment ended, or why it was decided so. Of a refund the note in Medusa, or else as in `AdminSeqrRefundDetails`. */
  reason?: string | null;
  /** Of a decision. */
  action?: AttentionAction;
  attention_kind?: AttentionKind;
  /** The member of staff, if one did it: the name, or else the e-mail. */
  actor?: string | null;
}

/** A refund of a payment, with who made it. */
export interface AdminSeqrRefundDetails {
  id: string;
  invoice_id: string;
  amount: string;
  currency_code: string;
  state: RefundState;
  /** `medusa`: requested there; or the plugin's own reason. */
  reason: string;
  /** SEQR's reference of the refund. */
  refund_reference: string | null;
  /** `0`, or the code of the error. */
  result: string | null;
  requested_at: string;
  finished_at: string | null;
  /** The note of Medusa's refund. */
  note: string | null;
  /**
   * The member of staff who made it: the name, or else the e-mail. Null when the plugin did, and when Medusa has no record of it: Medusa deletes
   * the record of a refund that fails.
   */
  actor: string | null;
  /** The payment's. */
  ers_reference: string | null;
  order_id: string | null;
  order_display_id: number | null;
  receipt_state: ReceiptState | null;
}

/** A payment with everything that happened to it. */
export interface AdminSeqrPaymentDetails extends AdminSeqrPaymentRow {
  reserved_amount: string | null;
  reserved_until: string | null;
  expires_at: string;
  completed_at: string | null;
  /** When the plugin works on it next; null when there is nothing left to do. */
  due_at: string | null;
  /** What SEQR says that it took, where that contradicts the amount. */
  disputed_amount: string | null;
  receipt_state: ReceiptState | null;
  refunds: AdminSeqrRefundDetails[];
  /** Oldest first; of SEQR's answers the last five hundred. */
  timeline: AdminSeqrTimelineEntry[];
  /** Its entries of the attention list. */
  attention_items: AdminSeqrAttentionItem[];
}

/** `GET /admin/seqr/payments/:id` and `POST /admin/seqr/payments/:id/poll` */
export interface AdminSeqrPaymentResponse {
  payment: AdminSeqrPaymentDetails;
}

/** Query of `GET /admin/seqr/refunds`: unknown ones first, then newest first. */
export interface AdminSeqrRefundListParams {
  limit?: number;
  offset?: number;
  state?: RefundState | RefundState[];
  /** A whole reference: of the refund, of the payment, or the number of an order. */
  q?: string;
  from?: string;
  to?: string;
}

/** `GET /admin/seqr/refunds` */
export interface AdminSeqrRefundList extends Page {
  refunds: AdminSeqrRefundDetails[];
  has_more: boolean;
}
