import type { MedusaContainer } from "@medusajs/framework/types";
import type { InvoiceRecord } from "../modules/seqr/contract";
import { sessionInvoices } from "./order-payments";
import { settle } from "./settle";
import { settleClaimed, type SettleContext } from "./settlement";

/** Settles the SEQR payment of an order that was just placed; an order without one costs two look-ups. */
export async function confirmOrder(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await sessionInvoices(container, orderId)) {
    if (invoice.state === "captured") await settle(container, invoice, "completion");
  }
}

/** Gives back an invoice that was held while a storefront completed its cart, and confirms the order if there is one. */
export async function endCompletion(context: SettleContext, claimed: InvoiceRecord): Promise<void> {
  const { seqr } = context;
  const current = await seqr.current(claimed);
  if (current.state === "captured") await settleClaimed(context, current, "completion");
  else await seqr.release(claimed);
}
