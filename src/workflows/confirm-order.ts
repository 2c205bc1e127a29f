import type { MedusaContainer } from "@medusajs/framework/types";
import { sessionInvoices } from "./order-payments";
import { settle } from "./settle";

/** Settles the SEQR payment of an order that was just placed; an order without one costs two look-ups. */
export async function confirmOrder(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await sessionInvoices(container, orderId)) {
    if (invoice.state === "captured") await settle(container, invoice, "completion");
  }
}
