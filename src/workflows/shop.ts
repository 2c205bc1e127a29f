import type { RefundRecord } from "../modules/seqr/contract";
import type { MedusaAmount } from "../providers/seqr/amounts";
import type { NamedRefund } from "../providers/seqr/made-refund";
import type { Completion } from "./completion";

/** What Medusa knows of the purchase behind an invoice. */
export interface Purchase {
  cartId: string | undefined;
  /** The order, once there is one. */
  orderId: string | undefined;
  /** Medusa's payment, once the session was authorised. */
  paymentId: string | undefined;
  /** What the payment collection is over; decimal string. */
  amount: string;
  /** Whether another session of the same purchase was authorised. */
  paidOtherwise: boolean;
  /** Whether nothing has been paid of the order, and none of its collections has another session that could pay. */
  isUnpaid: boolean;
}

/** An order of Medusa, as far as its payment needs it. */
export interface ShopOrder {
  /** Decimal string. */
  total: string;
  /** What of it is still to be paid; decimal string, below zero when too much was paid. */
  owed: string;
  isCanceled: boolean;
  /** Whether nobody has done anything with it yet. */
  isPending: boolean;
  placedAt: Date;
}

/** A refund of a SEQR payment in Medusa's books. */
export interface BookedRefund {
  id: string;
  /** The refund of the ledger that it was written for, if it was. */
  named: NamedRefund | undefined;
  /** Decimal string. */
  amount: string;
  /** The amount with all the digits that it has in Medusa's books. */
  exactAmount: MedusaAmount;
  /** Of the payment. */
  sessionId: string;
  /** When it was written down. */
  at: Date;
}

/** `unknown`: Medusa has no payment of this session. `booked`: its books say that everything was given back already. */
export type ShopRefund = "made" | "unknown" | "booked";

/** Who has entered a capture in its order's books. Of two entries core's stays. */
export type BookedBy = "core" | "plugin" | "nobody";

/** A refund that SEQR has made already, as the ledger has it. */
export type MadeRefund = Pick<RefundRecord, "id" | "idempotency_key" | "amount">;

/** What settling needs of Medusa: little enough for a simulation to stand in for it. */
export interface Shop {
  /** The purchase of a payment session; undefined when the session is gone, or its cart without an order is. */
  purchaseOf(sessionId: string): Promise<Purchase | undefined>;
  /**
   * Takes the payment sessions of a purchase away that cannot pay it, beside the one that can: core authorises any of
   * them.
   *
   * @param isPaid whether the session's money is there; if not, only sessions of SEQR go
   */
  dropOtherSessions(sessionId: string, isPaid: boolean): Promise<void>;
  /** Completes a cart exactly as the storefront's own request would; a cart that is an order already gives that order. */
  completeCart(cartId: string): Promise<Completion>;
  /** Takes a payment in for an order that exists already, where there is no cart to complete. */
  takeIn(
    sessionId: string,
    amount: string,
  ): Promise<{ outcome: "done" } | { outcome: "failed"; message: string }>;
  /** Cancels an order that was never paid. */
  cancelOrder(orderId: string): Promise<void>;
  /**
   * Sees that the capture of a payment is in its order's books once, and tells who has entered it. The payment is to be
   * held meanwhile.
   *
   * @param isOverdue whether core must have died before it could: the plugin then enters it
   */
  bookCapture(orderId: string, paymentId: string, isOverdue: boolean): Promise<BookedBy>;
  /** Which of these refunds Medusa's payments have, and the books of the payments' orders have not. */
  refundsMissingInOrders(ids: string[]): Promise<Set<string>>;
  /** Writes refunds into the books of their orders, where they are missing. The payment is to be held meanwhile. */
  bookRefunds(ids: string[]): Promise<void>;
  order(orderId: string): Promise<ShopOrder>;
  /**
   * Gives money back in Medusa's books, and through them at SEQR: as much of it as the books still have.
   *
   * @param amount decimal string
   */
  refund(sessionId: string, amount: string): Promise<ShopRefund>;
  /**
   * Writes a refund that SEQR has made into Medusa's books. Medusa asks the provider for it, which finds by the refund's
   * id which one is meant and does not ask SEQR.
   *
   * @returns `booked` when Medusa's books have less left than was refunded
   */
  recordRefund(sessionId: string, refund: MadeRefund): Promise<ShopRefund>;
  /** Which of these refunds Medusa has in its books. */
  bookedRefunds(ids: string[]): Promise<Set<string>>;
  /** The refunds of one payment that Medusa has in its books. */
  recordsOf(sessionId: string): Promise<BookedRefund[]>;
  /** Takes a record of a refund away that was never made, as core does when a refund fails. */
  dropRecord(id: string): Promise<void>;
  /** The refunds that Medusa has written down in a time. */
  refundsBetween(from: Date, to: Date): Promise<BookedRefund[]>;
}
