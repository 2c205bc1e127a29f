import { after } from "../../../clock";
import { INVOICE_STATES, POLLABLE_STATES } from "../invoice/states";
import { NOTIFICATION_PROCESSING_TIME } from "../invoice/time-limits";
import type { InvoiceRecord } from "../ledger/ledger";
import type { OperationContext } from "./operation-context";

/** Records that a notification of SEQR has arrived. The watch polls the invoice soon, in case no one processes it. */
export async function recordNotification(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  invoice: InvoiceRecord,
): Promise<void> {
  // Already notified and paid: a repetition tells nothing new.
  if (invoice.notified_at !== null && invoice.paid_at !== null) return;
  const now = clock.now();
  const patch = { notified_at: now, due_at: after(now, NOTIFICATION_PROCESSING_TIME) };
  if (await ledger.update(invoice.id, patch, POLLABLE_STATES)) return;
  // There is nothing to poll, but the notification proves that notifications arrive.
  await ledger.update(invoice.id, { notified_at: now }, INVOICE_STATES);
}
