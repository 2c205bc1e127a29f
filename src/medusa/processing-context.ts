import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { oneLine } from "../errors/one-line";
import { type InvoiceRecord, type PollSource, currentInvoice } from "../modules/seqr/public";
import { medusaStore } from "./medusa-store";
import { processPayment, processPaymentAndWait } from "../processing/process-payment";
import type { ProcessingContext } from "../processing/processing-context";

/** What processing a payment works with, in a Medusa container. */
export function processingContext(container: MedusaContainer): ProcessingContext {
  return {
    seqr: seqrOf(container),
    store: medusaStore(container),
    logger: container.resolve(ContainerRegistrationKeys.LOGGER),
  };
}

/** @see processPayment */
export function processPaymentIn(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  return processPayment(processingContext(container), invoice, source);
}

/**
 * Processes a payment for a shopper, who gets an answer whatever happens: errors are logged, and the watch continues.
 *
 * @see processPaymentAndWait
 */
export async function processPaymentAndWaitIn(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  source: PollSource,
): Promise<InvoiceRecord> {
  const context = processingContext(container);
  try {
    return await processPaymentAndWait(context, invoice, source);
  } catch (error) {
    context.logger.error(`seqr: a payment could not be processed: ${oneLine(error)}`);
    return currentInvoice(context.seqr, invoice);
  }
}
