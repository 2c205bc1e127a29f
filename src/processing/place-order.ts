import type { ErrorCode } from "../errors/error-codes";
import {
  currentInvoice,
  isOverdue,
  patchInvoice,
  takeTransition,
  type EndReason,
  type InvoiceRecord,
  type InvoiceState,
} from "../modules/seqr/public";
import { whyExtraPaymentImpossible, whyOrderNeedsNoPayment } from "./check-order";
import { messageOf, type Completion } from "./classify-completion-error";
import { completeCartExclusively } from "./complete-cart-exclusively";
import { orderTotalMismatch, reasonOf } from "./end-reasons";
import { logAbout, type ContinueFrom, type PaymentRun } from "./payment-run";
import { release } from "./captures/release";
import { recordCapture } from "./record-capture";
import { refundUnplaceable } from "./refund-unplaceable";

/** Attempts of a completion that fails for a reason that may pass. The back-off doubles, so they take about half an hour. */
const COMPLETION_ATTEMPTS = 12;
/** Attempts after which an order without a payment counts as left behind by a crashed process. */
const CAPTURE_AFTER_ATTEMPTS = 3;

/** What an invoice is on its way to its order: while Medusa has nothing, once Medusa has the payment, and with the order. */
interface Way {
  held: InvoiceState;
  given: InvoiceState;
  placed: InvoiceState;
}

const CHARGED: Way = { held: "paid", given: "captured", placed: "completed" };
const RESERVED: Way = { held: "reserved", given: "authorized", placed: "awaiting_capture" };

function wayOf({ state }: InvoiceRecord): Way {
  return state === RESERVED.held || state === RESERVED.given ? RESERVED : CHARGED;
}

/**
 * Places the order of a payment that SEQR has made or reserved. When the order is impossible, it refunds the payment, or releases
 * the reservation.
 */
export async function placeOrder(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr, store } = run;
  const { held, given } = wayOf(invoice);
  // Without it Medusa has no provider: each try would fail, and after the last one the payment would be given up.
  seqr.terminals.of(invoice);
  if (hasLapsed(invoice, seqr.clock.now()))
    return giveUp(run, invoice, "seqr", "its order could not be placed before the reservation lapsed");
  const purchase = await store.purchaseOf(invoice.session_id);
  if (!purchase) return giveUp(run, invoice, "session_gone", "the payment session is gone");
  if (purchase.cartId === undefined && purchase.paymentId === undefined) {
    const reason = await whyExtraPaymentImpossible(store, invoice, purchase);
    if (reason) return giveUp(run, invoice, reason, "the order was changed");
  }
  const completion =
    purchase.cartId !== undefined
      ? await completeCartExclusively(run, invoice, purchase.cartId, true)
      : await authorizeForOrder(run, invoice, purchase.orderId);
  const current = await currentInvoice(seqr, invoice);
  // Another process has continued meanwhile, such as staff who refunded the payment.
  if (current.state !== held && current.state !== given) return current;
  if (completion.outcome === "order") {
    // An interrupted roll-back of core can leave the cart with an order that is gone.
    return attachToOrder(run, current, completion.orderId).catch(async (error: unknown) => {
      // From there the tries are counted, and the payment can be refunded after the last one.
      await takeTransition(seqr, current, held, {}, { from: [given] });
      const left = await currentInvoice(seqr, current);
      return left.state === held ? retryLater(run, left, messageOf(error)) : left;
    });
  }
  if (current.state !== held) return current;
  if (completion.outcome === "impossible") {
    return giveUp(run, current, reasonOf(completion), completion.message);
  }
  return retryLater(run, current, completion.message);
}

/** Whether SEQR need not have the reservation any more. */
function hasLapsed({ state, reserved_until }: InvoiceRecord, now: Date): boolean {
  return state === RESERVED.held && reserved_until !== null && reserved_until <= now;
}

/** Refunds a payment that cannot become an order, or releases its reservation. */
function giveUp(
  run: PaymentRun,
  invoice: InvoiceRecord,
  reason: EndReason,
  why: string,
): Promise<InvoiceRecord | ContinueFrom> {
  return wayOf(invoice) === RESERVED
    ? release(run, invoice, reason, why)
    : refundUnplaceable(run, invoice, reason, why);
}

/** Confirms the order of a payment that Medusa has. After the time limit the process that placed it counts as crashed. */
export async function confirmOrder(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr, store } = run;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (purchase?.orderId !== undefined && purchase.paymentId !== undefined) {
    const { orderId, paymentId, amount: amountDue } = purchase;
    return complete(run, invoice, { orderId, paymentId, amountDue });
  }
  if (!isOverdue(invoice, seqr.clock.now())) return invoice;
  const { held, given } = wayOf(invoice);
  // Counted: Medusa may say each time that there is an order, which an interrupted roll-back has deleted.
  const attempts = invoice.attempts + 1;
  const again = await takeTransition(seqr, invoice, held, { attempts }, { from: [given] });
  if (!again) return invoice;
  return attempts > COMPLETION_ATTEMPTS
    ? giveUp(run, again, "order_impossible", "Medusa has its payment and no order")
    : placeOrder(run, again);
}

/** Attaches the payment to an order that exists: it was placed with this payment, with another one, or without any yet. */
async function attachToOrder(
  run: PaymentRun,
  invoice: InvoiceRecord,
  orderId: string,
): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr, store } = run;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (purchase?.paymentId !== undefined)
    return complete(run, invoice, { orderId, paymentId: purchase.paymentId, amountDue: purchase.amount });
  if (purchase?.paidOtherwise) {
    return giveUp(run, invoice, "paid_twice", "the order was placed with another payment");
  }
  const reason = await whyOrderNeedsNoPayment(store, orderId);
  if (reason) return giveUp(run, invoice, reason, "its order is cancelled, or has nothing to pay");
  // The order has no payment yet: its process crashed, or a completion that does not take the lease (code that bypasses the
  // plugin) is still running. Wait for some attempts, then take the first case.
  if (invoice.attempts < CAPTURE_AFTER_ATTEMPTS) return retryLater(run, invoice, "the order is being placed");
  const authorization = await authorizeForOrder(run, invoice, orderId);
  const current = await currentInvoice(seqr, invoice);
  if (authorization.outcome === "order") return confirmOrder(run, current);
  return current.state === wayOf(invoice).held ? retryLater(run, current, authorization.message) : current;
}

/** Authorizes the payment for an order that exists already, because there is no cart to complete. */
async function authorizeForOrder(
  { store }: PaymentRun,
  invoice: InvoiceRecord,
  orderId: string | undefined,
): Promise<Completion> {
  const action = wayOf(invoice) === RESERVED ? "authorized" : "captured";
  const done = await store.authorizeForExistingOrder(invoice.session_id, invoice.amount, action);
  if (done.outcome === "failed") return { outcome: "failed", message: done.message };
  if (orderId !== undefined) return { outcome: "order", orderId };
  return { outcome: "impossible", message: "the payment belongs to no cart and no order" };
}

/**
 * Completes an invoice whose order exists with its payment, once the order has the transaction of the capture. A reservation
 * waits for its capture then.
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
  const way = wayOf(invoice);
  const given = (await takeTransition(seqr, invoice, way.given)) ?? invoice;
  const isCharged = way === CHARGED;
  const by = isCharged ? await recordCapture(run, placed, isOverdue(given, seqr.clock.now())) : "core";
  if (by === "none") return given;
  // An order that was placed from a cart amounts to what was paid; one that was changed later may not.
  const isExtra = invoice.cart_id === null;
  const total = isExtra ? amountDue : (await store.order(orderId)).total;
  await takeTransition(seqr, given, way.placed, {
    ...{ order_id: orderId, completed_at: seqr.clock.now(), reason: null },
    problem: orderTotalMismatch(given, total),
    // On a completed invoice `attempts` counts the later checks of what core may still do: add a second transaction of the
    // capture, or roll the order back. The first check is due where core did not finish in time, or may not have finished the
    // order that an extra payment is for.
    attempts: isExtra || by === "plugin" ? 1 : 0,
  });
  return currentInvoice(seqr, invoice);
}

async function retryLater(
  run: PaymentRun,
  invoice: InvoiceRecord,
  why: string,
): Promise<InvoiceRecord | ContinueFrom> {
  if (invoice.attempts >= COMPLETION_ATTEMPTS) return giveUp(run, invoice, "order_impossible", why);
  logAbout(run, "warn", invoice, `is ${invoice.state}, its order failed and is retried: ${why}`);
  const problem: ErrorCode = "SEQR_ORDER_FAILED";
  await patchInvoice(run.seqr, invoice, { attempts: invoice.attempts + 1, problem });
  return invoice;
}
