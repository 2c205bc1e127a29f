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
  /** Whether the payment collection is cancelled, and asks for nothing any more. */
  isCanceled: boolean;
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
  /** The same with the goods whose return is requested, and which were not received yet: `outstanding` leaves them out. */
  unpaid: string;
  /** Whether Medusa's own sum counts all transactions of the order. */
  isCounted: boolean;
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

/** Medusa's record of a capture. */
export interface CaptureRecord {
  id: string;
  paymentId: string;
  /**
   * Whether core has saved in the payment that SEQR has made a capture. Until then core deletes the record when something fails;
   * from then on it keeps it, and only adds the order's transaction.
   */
  isSaved: boolean;
}

/**
 * What becomes of the reservation of an edited order: it is captured soon, it stays, and then its payment collection is authorized again,
 * or it was captured, and then its payment collection amounts to that.
 */
export type EditedReservation = "captured_soon" | "stays" | "captured";

/** A capture of a SEQR payment that Medusa has recorded. */
export interface CaptureInMedusa {
  id: string;
  /** Decimal string. */
  amount: string;
  /** The payment's session. */
  sessionId: string;
}

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
   * @param invoice of the session that stays
   * @param isPaid whether SEQR has its money; if not, only sessions of SEQR are deleted
   */
  dropOtherSessions(
    invoice: Pick<InvoiceRecord, "session_id" | "payment_collection_id">,
    isPaid: boolean,
  ): Promise<void>;
  /**
   * Adds the link to its cart or to its payment collection that an order misses, because the process that placed it crashed
   * between the two. The caller has the invoice's lease.
   */
  linkInterruptedOrder(invoice: Pick<InvoiceRecord, "cart_id" | "payment_collection_id">): Promise<void>;
  /** Completes a cart as the storefront's request does; a cart that is an order already gives that order. */
  completeCart(cartId: string): Promise<Completion>;
  /**
   * Authorizes a payment for an order that exists already, where there is no cart to complete.
   *
   * @param action `captured`: SEQR has charged it; `authorized`: SEQR has reserved it
   */
  authorizeForExistingOrder(
    sessionId: string,
    amount: string,
    action: "captured" | "authorized",
  ): Promise<{ outcome: "done" } | { outcome: "failed"; message: string }>;
  /** Cancels an order that was never paid. */
  cancelOrder(orderId: string): Promise<void>;
  /**
   * Ensures that the order has one transaction for the capture of a payment. When the plugin adds it, it also has the payment
   * collection show the capture. The caller has the invoice's lease.
   *
   * @param isOverdue whether core must have crashed before it could add it: the plugin then does
   * @param captureId the capture; null when all captures of the payment are meant
   */
  recordCaptureInOrder(
    orderId: string,
    paymentId: string,
    isOverdue: boolean,
    captureId: string | null,
  ): Promise<CaptureRecordedBy>;
  /**
   * Captures a payment in Medusa, which asks the provider.
   *
   * @param amount decimal string
   */
  capture(sessionId: string, amount: string): Promise<void>;
  /** The captures of a payment that Medusa has recorded. */
  captureRecordsOf(sessionId: string): Promise<CaptureRecord[]>;
  /** Deletes the record of a capture, as core does when a capture fails, and the order's transaction of it, if there is one. */
  deleteCaptureRecord(id: string): Promise<void>;
  /** The captures that Medusa has recorded in a period, of payments that it does not count as captured in full. */
  unconfirmedCaptures(from: Date, to: Date): Promise<CaptureInMedusa[]>;
  /**
   * Cancels the payment of a reservation that is gone, with its payment collection, so that its order shows that it is unpaid. The
   * order gets a payment collection with which it can be paid again.
   *
   * @returns whether there is an order that stays and has nothing of this payment
   */
  endAuthorization(sessionId: string): Promise<boolean>;
  /**
   * Deletes a payment session, so that no cart is completed with it, and cancels the payment that a completion may have left of it
   * when it was interrupted.
   */
  dropSession(sessionId: string): Promise<void>;
  /**
   * Adjusts an order's payment collections after Medusa has cancelled that of a reservation, because the order was edited. The unpaid one
   * gets what is outstanding beside the reservation or what was captured of it; one that asks for nothing is cancelled.
   */
  adjustCollectionsAfterEdit(sessionId: string, reservation: EditedReservation): Promise<void>;
  /** Which of these refunds the payments have, and the payments' orders miss. */
  refundsMissingInOrders(ids: string[]): Promise<Set<string>>;
  /** Adds the order transactions of refunds, where the orders miss them. The caller has the invoice's lease. */
  recordRefundsInOrders(ids: string[]): Promise<void>;
  order(orderId: string): Promise<StoreOrder>;
  /** When staff last worked on a change of an order: an edit, a return, an exchange or a claim. */
  lastChangeOf(orderId: string): Promise<Date | undefined>;
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
