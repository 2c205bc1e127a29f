import type { ErrorCode } from "../../errors/error-codes";
import {
  continueRelease,
  patchInvoice,
  releaseReservation,
  type EndReason,
  type InvoiceRecord,
} from "../../modules/seqr/public";
import { continueIfChanged, logAbout, type ContinueFrom, type PaymentRun } from "../payment-run";

const RELEASED: ErrorCode = "SEQR_RESERVATION_LAPSED";

/** Releases a reservation that cannot become an order, or whose order was cancelled. */
export async function release(
  run: PaymentRun,
  invoice: InvoiceRecord,
  reason: EndReason,
  why: string,
): Promise<InvoiceRecord | ContinueFrom> {
  logAbout(run, "warn", invoice, `is reserved and is released: ${why}`);
  const released = await releaseReservation(run.seqr, invoice, reason);
  await endAuthorization(run, released);
  return continueIfChanged(invoice, released);
}

/** Requests the release of a reservation again. */
export async function releaseAgain(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const released = await continueRelease(run.seqr, invoice);
  await endAuthorization(run, released);
  return continueIfChanged(invoice, released);
}

/**
 * Ends the authorization in Medusa of a reservation that was released. A cart must not be completed with its session any more, and
 * an order that was placed with it nevertheless must show that it is unpaid, and is listed.
 */
export async function endAuthorization(run: PaymentRun, invoice: InvoiceRecord): Promise<void> {
  const { seqr, store } = run;
  if (invoice.state !== "canceled" || invoice.reserved_amount === null) return;
  const purchase = await store.purchaseOf(invoice.session_id);
  const orderId = purchase?.orderId;
  if (orderId === undefined) return store.dropSession(invoice.session_id);
  if (purchase?.paymentId === undefined) return;
  const isUnpaid = await store.endAuthorization(invoice.session_id);
  if (!isUnpaid || invoice.problem !== null) return;
  await patchInvoice(seqr, invoice, { problem: RELEASED, order_id: orderId });
}
