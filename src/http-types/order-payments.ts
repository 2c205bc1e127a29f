import type { EndReason, InvoiceState, ReceiptState, RefundState } from "../modules/seqr/invoice/states";
import type { Page } from "./page";

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
