import type { InvoiceRecord, RefundRecord } from "../modules/seqr/public";
import type { MedusaAmount } from "../amounts";
import type { NamedRefund } from "../modules/seqr/operations/refund/medusa-refund";
import type { Completion } from "./classify-completion-error";

/** The purchase of an invoice in Medusa. */
export interface Purchase {
  cartId: string | undefined;
  /** The order, once there is one. */
  orderId: string | undefined;
  /** Medusa's payment, once the session is authorized. */
  paymentId: string | undefined;
  /** Amount of the payment collection; decimal string. */
  amount: string;
  /** Whether another session of the purchase was authorized. */
  paidOtherwise: boolean;
  /** Whether nothing of the order is paid, and no other session of its payment collections can pay it. */
  isUnpaid: boolean;
}

/** An order of Medusa, as far as processing its payment needs it. */
export interface StoreOrder {
  /** Decimal string. */
  total: string;
  /** Amount that is still to be paid; decimal string, negative when too much was paid. */
  outstanding: string;
  isCanceled: boolean;
  /** Whether no one has changed it yet. */
  isPending: boolean;
  placedAt: Date;
}

/** A refund of a SEQR payment that Medusa has recorded. */
export interface RefundInMedusa {
  id: string;
  /** The refund of the ledger that it was recorded for, if any. */
  named: NamedRefund | undefined;
  /** Decimal string. */
  amount: string;
  /** The amount with all digits that Medusa has. */
  exactAmount: MedusaAmount;
  /** The payment's session. */
  sessionId: string;
  /** When Medusa recorded it. */
  at: Date;
}

/** `unknown`: Medusa has no payment of the session. `nothing_left`: Medusa has recorded refunds of all of it already. */
export type StoreRefundOutcome = "made" | "unknown" | "nothing_left";

/** Who has added the order's transaction of a capture. Of two transactions core's stays. */
export type CaptureRecordedBy = "core" | "plugin" | "none";

/** A refund of the ledger that SEQR has made. */
export type RefundMadeBySeqr = Pick<RefundRecord, "id" | "idempotency_key" | "amount">;

/** What processing payments needs of Medusa. It is small enough for a simulation to implement it. */
export interface Store {
  /** Finds the purchase of a payment session; undefined when the session is gone, or its cart is gone without an order. */
  purchaseOf(sessionId: string): Promise<Purchase | undefined>;
  /** Finds the order of a payment collection, when nothing of the order is paid and no payment session is left to pay it. */
  unpayableOrderOf(paymentCollectionId: string): Promise<string | undefined>;
  /**
   * Deletes the other payment sessions of a purchase, because core would authorize any of them.
   *
   * @param isPaid whether SEQR has the session's money; if not, only sessions of SEQR are deleted
   */
  dropOtherSessions(sessionId: string, isPaid: boolean): Promise<void>;
  /**
   * Adds the link to its cart or to its payment collection that an order misses, because the process that placed it crashed
   * between the two. The caller has the invoice's lease.
   */
  linkInterruptedOrder(invoice: Pick<InvoiceRecord, "cart_id" | "payment_collection_id">): Promise<void>;
  /** Completes a cart as the storefront's request does; a cart that is an order already gives that order. */
  completeCart(cartId: string): Promise<Completion>;
  /** Captures a payment for an order that exists already, where there is no cart to complete. */
  captureForExistingOrder(
    sessionId: string,
    amount: string,
  ): Promise<{ outcome: "done" } | { outcome: "failed"; message: string }>;
  /** Cancels an order that was never paid. */
  cancelOrder(orderId: string): Promise<void>;
  /**
   * Ensures that the order has one transaction for the capture of a payment. The caller has the invoice's lease.
   *
   * @param isOverdue whether core must have crashed before it could add it: the plugin then does
   */
  recordCaptureInOrder(orderId: string, paymentId: string, isOverdue: boolean): Promise<CaptureRecordedBy>;
  /** Which of these refunds the payments have, and the payments' orders miss. */
  refundsMissingInOrders(ids: string[]): Promise<Set<string>>;
  /** Adds the order transactions of refunds, where the orders miss them. The caller has the invoice's lease. */
  recordRefundsInOrders(ids: string[]): Promise<void>;
  order(orderId: string): Promise<StoreOrder>;
  /**
   * Refunds a payment in Medusa, which asks SEQR: at most what Medusa has not refunded yet.
   *
   * @param amount decimal string
   */
  refund(sessionId: string, amount: string): Promise<StoreRefundOutcome>;
  /**
   * Records a refund that SEQR has made in Medusa. Medusa asks the provider for it, which finds it by its id in the record's
   * metadata and does not ask SEQR.
   *
   * @returns `nothing_left` when less than that is left in Medusa
   */
  recordRefund(sessionId: string, refund: RefundMadeBySeqr): Promise<StoreRefundOutcome>;
  /** Which of these refunds Medusa has recorded. */
  recordedRefundIds(ids: string[]): Promise<Set<string>>;
  /** The refunds of one payment that Medusa has recorded. */
  refundRecordsOf(sessionId: string): Promise<RefundInMedusa[]>;
  /** Deletes the record of a refund that was never made, as core does when a refund fails. */
  deleteRefundRecord(id: string): Promise<void>;
  /** The refunds that Medusa has recorded in a period. */
  refundRecordsBetween(from: Date, to: Date): Promise<RefundInMedusa[]>;
}
