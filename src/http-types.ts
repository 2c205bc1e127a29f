// What the admin API of the plugin sends and takes, for clients: `import type { AdminSeqrAttentionItem } from
// "medusa-payment-seqr"`. Times are ISO 8601 in UTC, amounts are decimal strings.
import type {
  AttentionAction,
  AutomaticAction,
  AttentionKind,
  Need,
} from "./modules/seqr/attention/attention-kinds";
import type {
  Cause,
  ExportContent,
  ExportFormat,
  ItemClass,
  PeriodState,
} from "./modules/seqr/books/book-words";
import type { EndReason, InvoiceState, ReceiptState, RefundState } from "./modules/seqr/invoice/states";

/** A part of a list, as all lists of Medusa's admin API say it. */
interface Page {
  /** Of what was asked for, on all pages. */
  count: number;
  offset: number;
  limit: number;
}

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

/** A SEQR payment of an order. */
export interface AdminSeqrPayment {
  id: string;
  /** Name of the terminal that took the payment; null for one from before a store could have several. */
  terminal: string | null;
  invoice_reference: string | null;
  ers_reference: string | null;
  state: InvoiceState;
  reason: EndReason | null;
  problem: string | null;
  amount: string;
  currency_code: string;
  /** What SEQR has reserved; null when it charged the shopper at once. `amount` is what was captured of it, once it was. */
  reserved_amount: string | null;
  /** Until when SEQR keeps the reservation at least. */
  reserved_until: string | null;
  paid_at: string | null;
  refunds: AdminSeqrRefund[];
  /** Of the payment, and of its refunds. */
  receipts: AdminSeqrReceipt[];
}

/** A receipt that SEQR gets for a payment or a refund. */
export interface AdminSeqrReceipt {
  id: string;
  /** The refund that it is for; null when it is for the payment. */
  refund_id: string | null;
  state: ReceiptState;
  /** `0`, or the code of the error of the last try. */
  result: string | null;
  /** When it is tried next; null when it is not. */
  due_at: string | null;
  sent_at: string | null;
}

/** A refund of a SEQR payment. */
export interface AdminSeqrRefund {
  id: string;
  amount: string;
  state: RefundState;
  /** SEQR's reference of the refund. */
  refund_reference: string | null;
  /** `0`, or the code of the error. */
  result: string | null;
  requested_at: string;
}

/** `GET /admin/seqr/orders/:id` */
export interface AdminSeqrOrderPayments extends Page {
  payments: AdminSeqrPayment[];
}

/** A transaction period of SEQR: of the shop, or of one terminal. */
export interface AdminSeqrPeriod {
  id: string;
  state: PeriodState;
  /** Id of the merchant's account at SEQR. */
  reseller_id: string;
  /** Name and id of the terminal whose period it is; both null when it is the period of the shop. */
  terminal: string | null;
  terminal_id: string | null;
  /** SEQR's id of the period. */
  transaction_period_id: string | null;
  /** The day of the schedule that it was closed for, `2026-01-15`; null when it was closed by hand. */
  closing_day: string | null;
  /** Medusa's id of the member of staff who closed it; null when the schedule did. */
  actor_id: string | null;
  /** When the closing of the period before was requested; null for the first one. */
  opened_at: string | null;
  /** When SEQR was asked to close it, and when it had answered. */
  requested_at: string;
  marked_at: string | null;
  /** When its reports were fetched, and when they were compared. */
  reported_at: string | null;
  reconciled_at: string | null;
  /** When the plugin goes on with it; null when there is nothing left to do. */
  due_at: string | null;
  /** What SEQR's own summary says. */
  sales_count: number | null;
  sales_total: string | null;
  /** `0`, or the code of the error of the last try. */
  result: string | null;
  /** Whether a person has to decide: because it is lost or unreported; about a second report; about SEQR's summary. */
  is_open: boolean;
  report_differs: boolean;
  summary_differs: boolean;
  /** How many of its items need a person. */
  open_items: number;
}

/** What the items of one class of a period come to. */
export interface AdminSeqrPeriodClass {
  count: number;
  /** How many need a person. */
  open: number;
  reported: string;
  expected: string;
}

/** What a period comes to in one currency. */
export interface AdminSeqrPeriodTotals {
  /** Null for what SEQR reports in a currency that is not known. */
  currency_code: string | null;
  /** What SEQR reports, what the shop expects, and the first less the second. */
  reported: string;
  expected: string;
  difference: string;
  classes: Partial<Record<ItemClass, AdminSeqrPeriodClass>>;
}

/** A report of SEQR about a period, without its document. */
export interface AdminSeqrPeriodReport {
  id: string;
  /** As it was asked for: `Reconciliation/STD_RECON_003.xml`. */
  report_id: string;
  title: string | null;
  mime_type: string | null;
  /** Whether the period goes by it. */
  is_current: boolean;
  fetched_at: string;
}

/** A period with what it comes to, by currency, and its reports. */
export interface AdminSeqrPeriodDetails extends AdminSeqrPeriod {
  totals: AdminSeqrPeriodTotals[];
  reports: AdminSeqrPeriodReport[];
}

/** What the reconciliation of a period says of one transaction. */
export interface AdminSeqrReconciliationItem {
  id: string;
  /** Order of the items, from 1. */
  number: number;
  /** The row of the report; null when the report does not have the transaction. */
  row_number: number | null;
  kind: "payment" | "refund";
  class: ItemClass;
  cause: Cause | null;
  terminal_id: string;
  cashier_id: string | null;
  ers_reference: string | null;
  currency_code: string | null;
  /** Below zero for refunds: in the report, in the ledger, in Medusa. Null where there is none. */
  reported_amount: string | null;
  expected_amount: string | null;
  medusa_amount: string | null;
  invoice_id: string | null;
  refund_id: string | null;
  order_id: string | null;
  occurred_at: string | null;
  /** The earlier period to which the plugin's clock assigns it, and the later one whose report has it. */
  carried_from: string | null;
  carried_to: string | null;
  /** Whether a person has to decide. */
  is_open: boolean;
  accepted_by: string | null;
  accepted_at: string | null;
  accepted_reason: string | null;
}

/** `GET /admin/seqr/periods` */
export interface AdminSeqrPeriodList extends Page {
  periods: AdminSeqrPeriod[];
}

/** Query of `GET /admin/seqr/periods`: newest first. */
export interface AdminSeqrPeriodListParams {
  limit?: number;
  offset?: number;
  state?: PeriodState | PeriodState[];
  reseller_id?: string;
  /** Name of a terminal. */
  terminal?: string;
  /** Closed from this moment on, and before that one; or from the first of these days to the second, `2026-01-31`. */
  from?: string;
  to?: string;
}

/** Body of `POST /admin/seqr/periods`. What is left out has to be clear without it. */
export interface AdminCloseSeqrPeriod {
  /** Id of the merchant's account at SEQR. */
  reseller_id?: string;
  /** Address of SEQR's service, where accounts at several have the same id. */
  endpoint?: string;
  /** Name of the terminal whose period is closed; left out, the shop's. */
  terminal?: string;
}

/** Body of `POST /admin/seqr/periods/:id/retry`. */
export interface AdminRetrySeqrPeriod {
  /** SEQR's id of a lost period, as SEQR's support gives it. */
  transaction_period_id?: string;
}

/** `GET /admin/seqr/periods/:id`, `POST /admin/seqr/periods` and `POST /admin/seqr/periods/:id/retry` */
export interface AdminSeqrPeriodResponse {
  period: AdminSeqrPeriodDetails;
}

/** `GET /admin/seqr/periods/:id/items` */
export interface AdminSeqrReconciliationItemList extends Page {
  items: AdminSeqrReconciliationItem[];
}

/** Query of `GET /admin/seqr/periods/:id/items`. */
export interface AdminSeqrReconciliationItemListParams {
  limit?: number;
  offset?: number;
  class?: ItemClass | ItemClass[];
  cause?: Cause | Cause[];
  is_open?: boolean;
}

/** Query of `GET /admin/seqr/books/export`: one period, or those that were closed in a time span. */
export interface AdminSeqrBooksExportParams {
  period_id?: string;
  /** As in the list of periods. */
  from?: string;
  to?: string;
  /** Default `csv`. */
  format?: ExportFormat;
  /** Default `overview`. A SIE file has vouchers. */
  content?: ExportContent;
}
