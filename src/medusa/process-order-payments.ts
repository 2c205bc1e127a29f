import type { MedusaContainer } from "@medusajs/framework/types";
import type { InvoiceRecord } from "../modules/seqr/public";
import { sessionInvoices } from "./order-payments";
import { settle } from "./processing-context";
import { settleClaimed, type SettleContext } from "../processing/process-payment";

/**
 * Settles the SEQR payment of an order that was just placed, and cancels an open code of an order that was placed without
 * it. An order without SEQR costs two look-ups.
 */
export async function confirmOrder(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await sessionInvoices(container, orderId)) {
    if (invoice.state === "captured" || invoice.state === "open")
      await settle(container, invoice, "completion");
  }
}

/** Cancels the open codes of an order that was cancelled. */
export async function cancelCodesOf(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await sessionInvoices(container, orderId)) {
    if (invoice.state === "open") await settle(container, invoice, "staff");
  }
}

/**
 * Gives back an invoice that was held while a storefront completed its cart, and confirms the order if there is one.
 *
 * @param dueBefore when the invoice was due before it was held: storefronts that ask again and again do not put off
 * what is due
 */
export async function endCompletion(
  context: SettleContext,
  claimed: InvoiceRecord,
  dueBefore: Date | null = null,
): Promise<void> {
  const { seqr } = context;
  const current = await seqr.current(claimed);
  if (current.state === "captured") await settleClaimed(context, current, "completion");
  else await seqr.release(claimed, dueBefore);
}
