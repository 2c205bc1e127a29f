import { MedusaError } from "@medusajs/framework/utils";
import { sleep } from "../clock";
import type { ErrorCode } from "../errors/error-codes";
import { currentInvoice, patchInvoice, reopenPayment, type InvoiceRecord } from "../modules/seqr/public";
import type { PaymentRun } from "./payment-run";
import type { CaptureRecordedBy, Store } from "./store-port";

/** Milliseconds that core has to continue when its process was suspended until now: this process was suspended with it. */
export const CORE_CONTINUES = 3_000;
/** A capture that Medusa does not count: staff correct the order. */
export const NOT_RECORDED: ErrorCode = "SEQR_CAPTURE_NOT_RECORDED";
/** Checks of what core still does with the order. The back-off doubles up to five minutes, so they take half an hour. */
export const CAPTURE_CHECKS = 12;

/**
 * Ensures that the order of a captured payment has the transaction of the capture.
 *
 * @param isOverdue whether the process that completes the cart or captures the payment must have crashed, so that the plugin adds the transaction
 * @returns who has added it
 */
export async function recordCapture(
  { seqr, store }: PaymentRun,
  { orderId, paymentId, captureId = null }: { orderId: string; paymentId: string; captureId?: string | null },
  isOverdue: boolean,
): Promise<CaptureRecordedBy> {
  const by = await store.recordCaptureInOrder(orderId, paymentId, false, captureId);
  if (by !== "none" || !isOverdue) return by;
  await sleep(seqr.clock, CORE_CONTINUES);
  return store.recordCaptureInOrder(orderId, paymentId, true, captureId);
}

/**
 * Checks what core did after the plugin had completed a payment without it: deletes the plugin's transaction of the capture when core
 * has added its own, and processes the payment again when core has rolled the order back. Adjusts the payment collections of an order
 * that was edited meanwhile, and lists a capture that core's sum leaves out.
 */
export async function checkCompletedOrder(
  { seqr, store }: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord> {
  const { attempts, order_id, capture_key, session_id, reason, problem } = invoice;
  if (attempts === 0 || order_id === null) return invoice;
  await patchInvoice(seqr, invoice, { attempts: attempts < CAPTURE_CHECKS ? attempts + 1 : 0 });
  if (await isOrderGone(store, order_id)) {
    await reopenPayment(seqr, invoice);
    return currentInvoice(seqr, invoice);
  }
  if (reason === "order_changed") {
    await store.adjustCollectionsAfterEdit(session_id, "captured");
    await patchInvoice(seqr, invoice, { reason: null });
  }
  const purchase = await store.purchaseOf(session_id);
  if (purchase?.paymentId) await store.recordCaptureInOrder(order_id, purchase.paymentId, true, capture_key);
  const isUncounted = capture_key !== null && problem === null && !(await isCounted(store, order_id));
  if (isUncounted) await patchInvoice(seqr, invoice, { problem: NOT_RECORDED });
  return currentInvoice(seqr, invoice);
}

/**
 * Whether core's sum of an order counts all of its transactions. When core changes the order while a transaction is added, its sum
 * leaves it out. That of a cancelled order does not matter.
 */
export async function isCounted(store: Store, orderId: string): Promise<boolean> {
  const order = await store.order(orderId);
  return order.isCounted || order.isCanceled;
}

function isOrderGone(store: Store, orderId: string): Promise<boolean> {
  return store.order(orderId).then(
    () => false,
    (error: unknown) => {
      if (MedusaError.isMedusaError(error) && error.type === MedusaError.Types.NOT_FOUND) return true;
      throw error;
    },
  );
}
