import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord, ObservationSource } from "../modules/seqr/contract";
import { medusaShop } from "./medusa-shop";
import { settleInvoice, settleInvoiceSoon, type SettleContext } from "./settlement";

/** What settling works with in a Medusa container. */
export function settleContext(container: MedusaContainer): SettleContext {
  return { seqr: seqrOf(container), shop: medusaShop(container), logger: container.resolve("logger") };
}

/** @see settleInvoice */
export function settle(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Promise<InvoiceRecord> {
  return settleInvoice(settleContext(container), invoice, source);
}

/** @see settleInvoiceSoon */
export function settleSoon(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Promise<InvoiceRecord> {
  return settleInvoiceSoon(settleContext(container), invoice, source);
}
