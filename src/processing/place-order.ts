import type { ErrorCode } from "../errors/error-codes";
import {
  currentInvoice,
  isOverdue,
  patchInvoice,
  takeTransition,
  type InvoiceRecord,
} from "../modules/seqr/public";
import { whyExtraPaymentImpossible, whyOrderNeedsNoPayment } from "./check-order";
import { messageOf, type Completion } from "./classify-completion-error";
import { completeCartExclusively } from "./complete-cart-exclusively";
import { orderTotalMismatch, reasonOf } from "./end-reasons";
import { logAbout, type PaymentRun } from "./payment-run";
import { recordCapture } from "./record-capture";
import { refundUnplaceable } from "./refund-unplaceable";

/** Attempts of a completion that fails for a reason that may pass. The back-off doubles, so they take about half an hour. */
const COMPLETION_ATTEMPTS = 12;
/** Attempts after which an order without a payment counts as left behind by a crashed process. */
const CAPTURE_AFTER_ATTEMPTS = 3;

/** Places the order of a payment that SEQR has made, or refunds the payment when the order is impossible. */
export async function placeOrder(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (!purchase) return refundUnplaceable(run, invoice, "session_gone", "the payment session is gone");
  if (purchase.cartId === undefined && purchase.paymentId === undefined) {
    const reason = await whyExtraPaymentImpossible(store, invoice, purchase);
    if (reason) return refundUnplaceable(run, invoice, reason, "the order was changed");
  }
  const completion =
    purchase.cartId !== undefined
      ? await completeCartExclusively(run, invoice, purchase.cartId, true)
      : await captureForOrder(run, invoice, purchase.orderId);
  const current = await currentInvoice(seqr, invoice);
  // Another process has continued meanwhile, such as staff who refunded the payment.
  if (current.state !== "paid" && current.state !== "captured") return current;
  if (completion.outcome === "order") {
    // An interrupted roll-back of core can leave the cart with an order that is gone.
    return attachToOrder(run, current, completion.orderId).catch((error: unknown) =>
      retryLater(run, current, messageOf(error)),
    );
  }
  if (current.state !== "paid") return current;
  if (completion.outcome === "impossible") {
    return refundUnplaceable(run, current, reasonOf(completion), completion.message);
  }
  return retryLater(run, current, completion.message);
}

/** Confirms the order of a captured payment. After the time limit the process that placed it counts as crashed. */
export async function confirmOrder(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (purchase?.orderId !== undefined && purchase.paymentId !== undefined) {
    const { orderId, paymentId, amount: amountDue } = purchase;
    return complete(run, invoice, { orderId, paymentId, amountDue });
  }
  if (!isOverdue(invoice, seqr.clock.now())) return invoice;
  const paid = await takeTransition(seqr, invoice, "paid", {}, { from: ["captured"] });
  return paid ? placeOrder(run, paid) : invoice;
}

/** Attaches the payment to an order that exists: it was placed with this payment, with another one, or without any yet. */
async function attachToOrder(
  run: PaymentRun,
  invoice: InvoiceRecord,
  orderId: string,
): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (purchase?.paymentId !== undefined)
    return complete(run, invoice, { orderId, paymentId: purchase.paymentId, amountDue: purchase.amount });
  if (purchase?.paidOtherwise) {
    return refundUnplaceable(run, invoice, "paid_twice", "the order was placed with another payment");
  }
  const reason = await whyOrderNeedsNoPayment(store, orderId);
  if (reason) return refundUnplaceable(run, invoice, reason, "its order is cancelled, or has nothing to pay");
  // The order has no payment yet: its process crashed, or a completion that does not take the lease (code that bypasses the
  // plugin) is still running. Wait for some attempts, then take the first case.
  if (invoice.attempts < CAPTURE_AFTER_ATTEMPTS) return retryLater(run, invoice, "the order is being placed");
  const capture = await captureForOrder(run, invoice, orderId);
  const current = await currentInvoice(seqr, invoice);
  if (capture.outcome === "order") return confirmOrder(run, current);
  return current.state === "paid" ? retryLater(run, current, capture.message) : current;
}

/** Captures the payment for an order that exists already, because there is no cart to complete. */
async function captureForOrder(
  { store }: PaymentRun,
  invoice: InvoiceRecord,
  orderId: string | undefined,
): Promise<Completion> {
  const capture = await store.captureForExistingOrder(invoice.session_id, invoice.amount);
  if (capture.outcome === "failed") return { outcome: "failed", message: capture.message };
  if (orderId !== undefined) return { outcome: "order", orderId };
  return { outcome: "impossible", message: "the payment belongs to no cart and no order" };
}

/**
 * Completes an invoice whose order exists with its payment, once the order has the transaction of the capture.
 *
 * @param placed the order, its payment, and the amount of the payment collection (decimal string)
 */
async function complete(
  run: PaymentRun,
  invoice: InvoiceRecord,
  placed: { orderId: string; paymentId: string; amountDue: string },
): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  const { orderId, amountDue } = placed;
  const captured = (await takeTransition(seqr, invoice, "captured")) ?? invoice;
  const by = await recordCapture(run, placed, isOverdue(captured, seqr.clock.now()));
  if (by === "none") return captured;
  // An order that was placed from a cart amounts to what was paid; one that was changed later may not.
  const isExtra = invoice.cart_id === null;
  const total = isExtra ? amountDue : (await store.order(orderId)).total;
  await takeTransition(seqr, captured, "completed", {
    ...{ order_id: orderId, completed_at: seqr.clock.now(), reason: null },
    problem: orderTotalMismatch(captured, total),
    // On a completed invoice `attempts` counts the later checks of what core may still do: add a second transaction of the
    // capture, or roll the order back. The first check is due where core did not finish in time, or may not have finished the
    // order that an extra payment is for.
    attempts: isExtra || by === "plugin" ? 1 : 0,
  });
  return currentInvoice(seqr, invoice);
}

async function retryLater(run: PaymentRun, invoice: InvoiceRecord, why: string): Promise<InvoiceRecord> {
  if (invoice.attempts >= COMPLETION_ATTEMPTS)
    return refundUnplaceable(run, invoice, "order_impossible", why);
  logAbout(run, "warn", invoice, `is paid, its order failed and is retried: ${why}`);
  const problem: ErrorCode = "SEQR_ORDER_FAILED";
  await patchInvoice(run.seqr, invoice, { attempts: invoice.attempts + 1, problem });
  return invoice;
}
