import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { oneLine } from "../errors/one-line";
import type { InvoiceRecord, ObservationSource } from "../modules/seqr/public";
import { medusaShop } from "./medusa-store";
import { settleInvoice, settleInvoiceSoon, type SettleContext } from "../processing/process-payment";

/** What settling works with in a Medusa container. */
export function settleContext(container: MedusaContainer): SettleContext {
  return {
    seqr: seqrOf(container),
    shop: medusaShop(container),
    logger: container.resolve(ContainerRegistrationKeys.LOGGER),
  };
}

/** @see settleInvoice */
export function settle(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Promise<InvoiceRecord> {
  return settleInvoice(settleContext(container), invoice, source);
}

/**
 * The same for a shopper, who is told how it stands whatever happens: what breaks is logged, and the watch goes on.
 *
 * @see settleInvoiceSoon
 */
export async function settleSoon(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: ObservationSource,
): Promise<InvoiceRecord> {
  const context = settleContext(container);
  try {
    return await settleInvoiceSoon(context, invoice, source);
  } catch (error) {
    context.logger.error(`seqr: a payment could not be settled: ${oneLine(error)}`);
    return context.seqr.current(invoice);
  }
}
