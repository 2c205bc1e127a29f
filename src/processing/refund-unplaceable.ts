import { seqrError, type ErrorCode } from "../errors/error-codes";
import {
  currentInvoice,
  isOverdue,
  isTerminalUnknown,
  patchInvoice,
  refundableAmount,
  refundInvoice,
  REQUESTED_BY_MEDUSA,
  takeTransition,
  type EndReason,
  type InvoiceRecord,
  type RefundRecord,
} from "../modules/seqr/public";
import { compare } from "../seqr";
import { logAbout, type PaymentRun } from "./payment-run";
import { withoutClosed } from "./refunds/closed-refunds";
import { recordRefundInMedusa } from "./refunds/record-refund-in-medusa";
import type { Store } from "./store-port";

/** Refunds a payment that cannot become an order. */
export async function refundUnplaceable(
  run: PaymentRun,
  invoice: InvoiceRecord,
  reason: EndReason,
  why: string,
): Promise<InvoiceRecord> {
  const refunding = await takeTransition(run.seqr, invoice, "refunding", { reason, attempts: 0 });
  if (!refunding) return currentInvoice(run.seqr, invoice);
  logAbout(run, "warn", refunding, `is paid and is refunded: ${why}`);
  return refundRemaining(run, refunding);
}

/**
 * Refunds what is left of a payment, except what staff have closed. When SEQR refuses, the problem is recorded, for a retry
 * or for staff.
 */
export async function refundRemaining(run: PaymentRun, invoice: InvoiceRecord): Promise<InvoiceRecord> {
  const { seqr } = run;
  const refunds = await seqr.ledger.refundsOf(invoice.id);
  const rest = refundableAmount(invoice, refunds);
  try {
    const left = await withoutClosed(run, invoice, { rest, refunds });
    if (compare(left, "0") > 0) {
      await recordMadeRefunds(run, invoice, refunds);
      await refundThroughMedusa(run, invoice, left);
    } else {
      // What staff have returned in another way, or keep, is not refunded at SEQR.
      const end = compare(rest, "0") > 0 ? "closed_by_staff" : "refunded";
      await takeTransition(seqr, invoice, end, { problem: null });
    }
  } catch (error) {
    if (isTerminalUnknown(error)) throw error;
    const fallback: ErrorCode = "SEQR_REFUND_FAILED";
    const problem = (error as { code?: string }).code ?? fallback;
    await patchInvoice(seqr, invoice, { attempts: invoice.attempts + 1, problem });
    logAbout(run, "error", invoice, `could not be refunded (${problem})`);
  }
  return currentInvoice(seqr, invoice);
}

/** Records what SEQR has refunded and core has deleted: otherwise Medusa would record the remainder in its place. */
async function recordMadeRefunds(
  run: PaymentRun,
  invoice: InvoiceRecord,
  refunds: readonly RefundRecord[],
): Promise<void> {
  for (const refund of refunds) {
    if (refund.state === "done" && refund.reason === REQUESTED_BY_MEDUSA)
      await recordRefundInMedusa(run, invoice, refund);
  }
}

/**
 * Refunds an amount in Medusa, which then asks SEQR. SEQR is asked directly when Medusa knows nothing of the payment, or of the capture
 * of a reservation.
 *
 * @throws {MedusaError} SEQR_TERMINAL_UNKNOWN, among others: Medusa has no provider then, and its error does not say so
 */
async function refundThroughMedusa(
  { seqr, store }: PaymentRun,
  invoice: InvoiceRecord,
  amount: string,
): Promise<void> {
  seqr.terminals.of(invoice);
  const isKnown = invoice.reserved_amount === null || (await isCaptureSaved(store, invoice));
  const outcome = isKnown ? await store.refund(invoice.session_id, amount) : "unknown";
  if (outcome === "made") return;
  // Medusa has recorded refunds that the ledger does not have. While one of them may be under way, another refund would be
  // missing in Medusa.
  if (outcome === "nothing_left" && !isOverdue(invoice, seqr.clock.now()))
    throw seqrError("SEQR_REFUND_RUNNING");
  await refundInvoice(seqr, invoice, {
    amount,
    idempotencyKey: `refund-${invoice.id}`,
    reason: invoice.reason ?? "order_impossible",
  });
}

/** Whether Medusa has a capture that stays: core deletes the record of one that was released meanwhile. */
async function isCaptureSaved(store: Store, { session_id }: InvoiceRecord): Promise<boolean> {
  return (await store.captureRecordsOf(session_id)).some(({ isSaved }) => isSaved);
}
