import type { MedusaContainer } from "@medusajs/framework/types";
import type { InvoiceRecord } from "../modules/seqr/public";
import { invoicesOfOrder } from "./order-payments";
import { processPaymentIn } from "./processing-context";
import { processLeased, type ProcessingContext } from "../processing/process-payment";

/**
 * Settles the SEQR payment of an order that was just placed, and cancels an open code of an order that was placed without
 * it. An order without SEQR costs two look-ups.
 */
export async function processPaymentsOfOrder(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await invoicesOfOrder(container, orderId)) {
    if (invoice.state === "captured" || invoice.state === "open")
      await processPaymentIn(container, invoice, "completion");
  }
}

/** Cancels the open codes of an order that was cancelled. */
export async function cancelOpenInvoicesOf(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await invoicesOfOrder(container, orderId)) {
    if (invoice.state === "open") await processPaymentIn(container, invoice, "staff");
  }
}

/**
 * Gives back an invoice that was held while a storefront completed its cart, and confirms the order if there is one.
 *
 * @param dueBefore when the invoice was due before it was held: storefronts that ask again and again do not put off
 * what is due
 */
export async function releaseAfterCompletion(
  context: ProcessingContext,
  claimed: InvoiceRecord,
  dueBefore: Date | null = null,
): Promise<void> {
  const { seqr } = context;
  const current = await seqr.current(claimed);
  if (current.state === "captured") await processLeased(context, current, "completion");
  else await seqr.releaseLease(claimed, dueBefore);
}
