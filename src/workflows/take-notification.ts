import type { MedusaContainer } from "@medusajs/framework/types";
import type { InvoiceRecord } from "../modules/seqr/contract";
import { settleContext } from "./settle";
import { settleInvoiceSoon, type SettleContext } from "./settlement";

/** Takes a notification in this store. @see notified */
export function takeNotification(container: MedusaContainer, invoice: InvoiceRecord): Promise<void> {
  return notified(settleContext(container), invoice);
}

/**
 * Writes a notification down, so that it is not lost, and has the invoice settled. It is a hint and changes nothing by
 * itself: the settlement asks SEQR.
 *
 * @returns once it is written down; the settlement goes on by itself
 */
export async function notified(context: SettleContext, invoice: InvoiceRecord): Promise<void> {
  await context.seqr.notified(invoice);
  settleInvoiceSoon(context, invoice, "notification").catch((error: unknown) => {
    context.logger.error(`seqr: a notification could not be settled: ${String(error)}`);
  });
}
