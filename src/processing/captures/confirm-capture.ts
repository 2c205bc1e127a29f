import { sleep } from "../../clock";
import type { ErrorCode } from "../../errors/error-codes";
import {
  continueCommit,
  currentInvoice,
  isOverdue,
  isTerminalUnknown,
  patchInvoice,
  takeTransition,
  type InvoiceRecord,
} from "../../modules/seqr/public";
import { messageOf } from "../classify-completion-error";
import { continueIfChanged, logAbout, type ContinueFrom, type PaymentRun } from "../payment-run";
import { CORE_CONTINUES, isCounted, NOT_RECORDED, recordCapture } from "../record-capture";
import type { CaptureRecord, CaptureRecordedBy } from "../store-port";
import { release } from "./release";

/** Attempts to record a capture in Medusa. The back-off doubles, so they take about half an hour. */
const RECORD_ATTEMPTS = 12;

/** Finds out what came of a commit whose outcome is unknown. A reservation whose order was cancelled is not committed again. */
export async function resumeCapture(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { seqr, store } = run;
  // Without a poll before it: SEQR refuses the release of what it has committed.
  if (invoice.order_id !== null && (await store.order(invoice.order_id)).isCanceled)
    return release(run, invoice, "order_canceled", "its order was cancelled");
  return continueIfChanged(invoice, await continueCommit(seqr, invoice, run.source));
}

/**
 * Completes an invoice that SEQR has captured, once Medusa has the capture, in its payment and in its order. Core deletes its
 * record when the outcome of a capture is unknown, and a process may crash before it has written all of them: then the plugin
 * has Medusa write what is missing, and SEQR is not asked again.
 */
export async function confirmCapture(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  try {
    const by = await recordInMedusa(run, invoice);
    if (by === "none") {
      const isLate = isOverdue(invoice, seqr.clock.now());
      return isLate ? await retryLater(run, invoice, "it is not recorded") : invoice;
    }
    // Read again: the order may have been edited since.
    const current = await currentInvoice(seqr, invoice);
    if (current.reason === "order_changed")
      await store.adjustCollectionsAfterEdit(invoice.session_id, "captured");
    const counts = current.order_id === null || (await isCounted(store, current.order_id));
    return await complete(run, current, counts ? null : NOT_RECORDED, by);
  } catch (error) {
    if (isTerminalUnknown(error)) throw error;
    return retryLater(run, invoice, messageOf(error));
  }
}

/**
 * Ensures that Medusa has the record of the capture and the order's transaction of it. A record that core has saved stays, because
 * core, should it only have been suspended, adds the transaction of that record.
 *
 * @returns who has added the order's transaction
 */
async function recordInMedusa(run: PaymentRun, invoice: InvoiceRecord): Promise<CaptureRecordedBy> {
  const { seqr, store } = run;
  const { session_id, amount } = invoice;
  const isLate = isOverdue(invoice, seqr.clock.now());
  const records = await store.captureRecordsOf(session_id);
  if (records.length > 0) {
    const saved = await inOrder(run, invoice, records, isLate);
    // Core is recording it, unless its process has crashed.
    if (saved || !isLate) return saved ?? "none";
    await sleep(seqr.clock, CORE_CONTINUES);
    const left = await store.captureRecordsOf(session_id);
    if (left.some(({ isSaved }) => isSaved)) return "none";
    for (const { id } of left) await store.deleteCaptureRecord(id);
  }
  // Without it Medusa has no provider, and the tries would be used up.
  seqr.terminals.of(invoice);
  await store.capture(session_id, amount);
  const current = await currentInvoice(seqr, invoice);
  return (await inOrder(run, current, await store.captureRecordsOf(session_id), false)) ?? "none";
}

/** Has the order show the capture, when core has saved its record. */
async function inOrder(
  run: PaymentRun,
  { order_id, capture_key }: InvoiceRecord,
  records: CaptureRecord[],
  isLate: boolean,
): Promise<CaptureRecordedBy | undefined> {
  const record = records.find(({ id, isSaved }) => id === capture_key && isSaved);
  if (!record || order_id === null) return undefined;
  const capture = { orderId: order_id, paymentId: record.paymentId, captureId: record.id };
  return recordCapture(run, capture, isLate);
}

async function retryLater(run: PaymentRun, invoice: InvoiceRecord, why: string): Promise<InvoiceRecord> {
  const attempts = invoice.attempts + 1;
  logAbout(run, "error", invoice, `is captured, and Medusa could not record it: ${why}`);
  if (attempts > RECORD_ATTEMPTS) return complete(run, invoice, NOT_RECORDED, "none");
  await patchInvoice(run.seqr, invoice, { attempts });
  return currentInvoice(run.seqr, invoice);
}

async function complete(
  { seqr }: PaymentRun,
  invoice: InvoiceRecord,
  problem: ErrorCode | null,
  by: CaptureRecordedBy,
): Promise<InvoiceRecord> {
  // As for a payment that was captured at once: core may still add its own transaction, or may be changing the order.
  const attempts = by === "plugin" || invoice.reason === "order_changed" ? 1 : 0;
  const patch = { ...(invoice.reason !== null && { reason: null }), problem, attempts };
  const completed = await takeTransition(seqr, invoice, "completed", patch);
  // The order was edited at this moment.
  if (completed?.reason === "order_changed" && attempts === 0)
    await patchInvoice(seqr, completed, { attempts: 1 });
  return currentInvoice(seqr, invoice);
}

/** Cancels the payment in Medusa of a reservation that has lapsed, so that its order shows that it is unpaid. */
export async function endLapsed(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  if (invoice.attempts === 0) return invoice;
  try {
    await store.endAuthorization(invoice.session_id);
    await patchInvoice(seqr, invoice, { attempts: 0 });
  } catch (error) {
    logAbout(
      run,
      "error",
      invoice,
      `has lapsed, and its payment could not be cancelled: ${messageOf(error)}`,
    );
    await patchInvoice(seqr, invoice, { attempts: invoice.attempts + 1 });
  }
  return currentInvoice(seqr, invoice);
}
