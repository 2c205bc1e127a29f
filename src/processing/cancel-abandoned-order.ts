import type { ErrorCode } from "../errors/error-codes";
import {
  currentInvoice,
  isAbandonedOrderCheckDue,
  ORDER_PLACING_TIME_LIMIT,
  patchInvoice,
  type InvoiceRecord,
} from "../modules/seqr/public";
import { compare } from "../seqr";
import { endAuthorization } from "./captures/release";
import { isListedForStaff } from "./end-reasons";
import { logAbout, type PaymentRun } from "./payment-run";
import { CAPTURE_CHECKS, recordCapture } from "./record-capture";

const ORDER_ABANDONED: ErrorCode = "SEQR_ORDER_ABANDONED";

/**
 * Cancels the order of an invoice that ended without its money, if a process crashed between writing the order and
 * authorizing the payment: such an order would never be paid. Retried while it fails.
 */
export async function cancelAbandonedOrder(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  try {
    await endAuthorization(run, invoice);
    const abandoned = await abandonedOrderOf(run, invoice);
    if (abandoned === "not certain yet") {
      await patchInvoice(seqr, invoice, { attempts: invoice.attempts + 1 });
    } else if (abandoned) {
      logAbout(run, "warn", invoice, `leaves its order ${abandoned.orderId} unpaid, which is cancelled`);
      await store.linkInterruptedOrder(invoice);
      await store.cancelOrder(abandoned.orderId);
      await patchInvoice(seqr, invoice, {
        attempts: 0,
        order_id: abandoned.orderId,
        // A problem that staff have to decide about is more important.
        ...(!isListedForStaff(invoice) && { problem: ORDER_ABANDONED }),
      });
    } else if (invoice.attempts > 0) {
      await patchInvoice(seqr, invoice, { attempts: 0 });
    }
  } catch (error) {
    logAbout(run, "error", invoice, `ended, and its order could not be cancelled: ${String(error)}`);
    await patchInvoice(seqr, invoice, { attempts: invoice.attempts + 1 });
  }
  return currentInvoice(seqr, invoice);
}

/**
 * Finds the order that core wrote before the payment, when core never came to the payment. An order with nothing to pay is
 * complete without a payment; a young one may still be in the making.
 */
async function abandonedOrderOf(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<{ orderId: string } | "not certain yet" | undefined> {
  const { seqr, store } = run;
  const purchase = await store.purchaseOf(invoice.session_id);
  if (!purchase) {
    if (invoice.cart_id === null) return undefined;
    // The session was deleted for another payment of the cart, which was never started: the cart was an order.
    const left = await store.unpayableOrderOf(invoice.payment_collection_id);
    return left === undefined ? undefined : ifAbandoned(run, left);
  }
  if (purchase.orderId === undefined) return undefined;
  const { orderId, paymentId } = purchase;
  if (paymentId !== undefined) {
    // Staff may have refunded the payment before its order had the transaction of the capture.
    const by = await recordCapture(
      run,
      { orderId, paymentId, captureId: invoice.capture_key },
      isAbandonedOrderCheckDue(invoice, seqr.clock.now()),
    );
    return by === "core" || invoice.attempts >= CAPTURE_CHECKS ? undefined : "not certain yet";
  }
  if (purchase.cartId === undefined || !purchase.isUnpaid) return undefined;
  return ifAbandoned(run, orderId);
}

/** The order that no one can pay, unless it needs no payment or core may still be placing it. */
async function ifAbandoned(
  { seqr, store }: PaymentRun,
  orderId: string,
): Promise<{ orderId: string } | "not certain yet" | undefined> {
  const order = await store.order(orderId);
  if (order.isCanceled || !order.isPending || compare(order.outstanding, "0") <= 0) return undefined;
  const isOld = seqr.clock.now().getTime() - order.placedAt.getTime() >= ORDER_PLACING_TIME_LIMIT;
  return isOld ? { orderId } : "not certain yet";
}
