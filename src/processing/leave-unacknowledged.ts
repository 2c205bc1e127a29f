import { takeTransition, type EndReason, type InvoiceRecord } from "../modules/seqr/public";
import { logAbout, type PaymentRun } from "./payment-run";

/** Leaves a payment unacknowledged: SEQR is not polled, so that it reverses the payment. */
export async function leaveUnacknowledged(
  run: PaymentRun,
  invoice: InvoiceRecord,
  reason: EndReason,
  why: string,
): Promise<InvoiceRecord> {
  // A payment that contradicts the invoice was acknowledged by the poll that found it: staff decide.
  if (invoice.disputed_reference !== null) return invoice;
  logAbout(run, "warn", invoice, `is not acknowledged: ${why}`);
  return (await takeTransition(run.seqr, invoice, "unacknowledged", { reason })) ?? invoice;
}
