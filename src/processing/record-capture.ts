import { sleep } from "../clock";
import { currentInvoice, patchInvoice, type InvoiceRecord } from "../modules/seqr/public";
import type { PaymentRun } from "./payment-run";
import type { CaptureRecordedBy } from "./store-port";

/** Milliseconds that core has to continue when its process was suspended until now: this process was suspended with it. */
const CORE_CONTINUES = 3_000;
/** Checks for a transaction of core beside the plugin's. The back-off doubles up to five minutes, so they take half an hour. */
export const CAPTURE_CHECKS = 12;

/**
 * Ensures that the order of a captured payment has the transaction of the capture.
 *
 * @param isOverdue whether the process that completes the cart must have crashed, so that the plugin adds the transaction
 * @returns who has added it
 */
export async function recordCapture(
  { seqr, store }: PaymentRun,
  { orderId, paymentId }: { orderId: string; paymentId: string },
  isOverdue: boolean,
): Promise<CaptureRecordedBy> {
  const by = await store.recordCaptureInOrder(orderId, paymentId, false);
  if (by !== "none" || !isOverdue) return by;
  await sleep(seqr.clock, CORE_CONTINUES);
  return store.recordCaptureInOrder(orderId, paymentId, true);
}

/** Deletes the plugin's transaction of a capture, should core have added its own after all. */
export async function checkRecordedCapture(
  { seqr, store }: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord> {
  const { attempts, order_id } = invoice;
  if (attempts === 0 || order_id === null) return invoice;
  await patchInvoice(seqr, invoice, { attempts: attempts + 1 });
  const purchase = await store.purchaseOf(invoice.session_id);
  const by = purchase?.paymentId && (await store.recordCaptureInOrder(order_id, purchase.paymentId, true));
  if (by !== "plugin" || attempts >= CAPTURE_CHECKS) await patchInvoice(seqr, invoice, { attempts: 0 });
  return currentInvoice(seqr, invoice);
}
