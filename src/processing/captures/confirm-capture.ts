import type { ErrorCode } from "../../errors/error-codes";
import {
  continueCommit,
  currentInvoice,
  isOverdue,
  patchInvoice,
  takeTransition,
  type InvoiceRecord,
} from "../../modules/seqr/public";
import { messageOf } from "../classify-completion-error";
import { continueIfChanged, logAbout, type ContinueFrom, type PaymentRun } from "../payment-run";
import { release } from "./release";

/** Attempts to record a capture in Medusa. The back-off doubles, so they take about half an hour. */
const RECORD_ATTEMPTS = 12;
const NOT_RECORDED: ErrorCode = "SEQR_CAPTURE_NOT_RECORDED";

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
 * record when the outcome of a capture is unknown, and a process may crash before it has written all of them: then the plugin has
 * Medusa capture again, and the provider does not ask SEQR for it.
 */
export async function confirmCapture(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { seqr, store } = run;
  try {
    if (!(await isRecorded(run, invoice))) {
      const records = await store.captureRecordsOf(invoice.session_id);
      // Core is recording it, unless its process has crashed.
      if (records.length > 0 && !isOverdue(invoice, seqr.clock.now())) return invoice;
      for (const { id } of records) await store.deleteCaptureRecord(id);
      await store.capture(invoice.session_id, invoice.amount);
      if (!(await isRecorded(run, await currentInvoice(seqr, invoice))))
        return await retryLater(run, invoice, "it is not recorded");
    }
    if (invoice.reason === "order_changed") await store.adjustCollectionsAfterEdit(invoice.session_id);
  } catch (error) {
    return retryLater(run, invoice, messageOf(error));
  }
  return complete(run, invoice, null);
}

async function isRecorded({ store }: PaymentRun, invoice: InvoiceRecord): Promise<boolean> {
  const records = await store.captureRecordsOf(invoice.session_id);
  return records.some(({ id, isInOrder }) => id === invoice.capture_key && isInOrder);
}

async function retryLater(run: PaymentRun, invoice: InvoiceRecord, why: string): Promise<InvoiceRecord> {
  const attempts = invoice.attempts + 1;
  logAbout(run, "error", invoice, `is captured, and Medusa could not record it: ${why}`);
  if (attempts > RECORD_ATTEMPTS) return complete(run, invoice, NOT_RECORDED);
  await patchInvoice(run.seqr, invoice, { attempts });
  return currentInvoice(run.seqr, invoice);
}

async function complete(
  { seqr }: PaymentRun,
  invoice: InvoiceRecord,
  problem: ErrorCode | null,
): Promise<InvoiceRecord> {
  await takeTransition(seqr, invoice, "completed", { reason: null, problem, attempts: 0 });
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
