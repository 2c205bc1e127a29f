import type {
  Cause,
  ExportContent,
  ExportFormat,
  ItemClass,
  PeriodState,
} from "../modules/seqr/books/book-words";
import type { Page } from "./page";

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

/**
 * Body of `POST /admin/seqr/periods`. Without a terminal, it closes what the option `periods` says: the period of the shop, or that of each
 * terminal; of the account that is named, or of each.
 */
export interface AdminCloseSeqrPeriod {
  /** Id of the merchant's account at SEQR. */
  reseller_id?: string;
  /** Address of SEQR's service, where accounts at several have the same id. */
  endpoint?: string;
  /** Name of the terminal whose period is closed. */
  terminal?: string;
  /** Closes it even if the account's periods are those of another scope. */
  force?: boolean;
}

/** Body of `POST /admin/seqr/periods/:id/retry`. */
export interface AdminRetrySeqrPeriod {
  /** SEQR's id of a lost period, as SEQR's support gives it. */
  transaction_period_id?: string;
}

/** `POST /admin/seqr/periods` */
export interface AdminSeqrClosedPeriods {
  /** The first of those that were closed. */
  period: AdminSeqrPeriodDetails;
  periods: AdminSeqrPeriodDetails[];
}

/** `GET /admin/seqr/periods/:id` and `POST /admin/seqr/periods/:id/retry` */
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
