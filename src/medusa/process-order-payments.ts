import type { MedusaContainer } from "@medusajs/framework/types";
import { Modules } from "@medusajs/framework/utils";
import { seqrOf } from "../modules/seqr";
import { type InvoiceRecord, currentInvoice, releaseLease } from "../modules/seqr/public";
import { invoicesOfOrder } from "./order-payments";
import { processPaymentIn } from "./processing-context";
import { processLeased } from "../processing/process-payment";
import type { ProcessingContext } from "../processing/processing-context";

/**
 * Processes the SEQR payment of an order that was just placed, and cancels an open invoice of an order that was placed without
 * it. An order without SEQR costs two queries.
 */
export async function processPaymentsOfOrder(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await invoicesOfOrder(container, orderId)) {
    if (invoice.state === "open" || isUnconfirmed(invoice))
      await processPaymentIn(container, invoice, "completion");
  }
}

/** Whether Medusa has the payment, and the ledger waits to see it in Medusa's records. */
function isUnconfirmed({ state }: InvoiceRecord): boolean {
  return state === "captured" || state === "authorized" || state === "committed";
}

/** Records that Medusa has the capture of a reservation. A payment without a reservation costs two queries. */
export async function confirmCaptureOf(container: MedusaContainer, paymentId: string): Promise<void> {
  const [payment] = await container
    .resolve(Modules.PAYMENT)
    .listPayments({ id: paymentId }, { select: ["id"], relations: ["payment_session"] });
  const session_id = payment?.payment_session?.id;
  const invoice = session_id && (await seqrOf(container).ledger.find({ session_id }));
  if (invoice && invoice.state === "committed") await processPaymentIn(container, invoice, "completion");
}

/** Cancels the open invoices of an order that was cancelled. */
export async function cancelOpenInvoicesOf(container: MedusaContainer, orderId: string): Promise<void> {
  for (const invoice of await invoicesOfOrder(container, orderId)) {
    if (invoice.state === "open") await processPaymentIn(container, invoice, "staff");
  }
}

/**
 * Releases the lease that was kept while a storefront completed a cart, and confirms the order if there is one.
 *
 * @param previousDueAt the invoice's due time before the lease was acquired: completions of a storefront must not put it off
 */
export async function releaseAfterCompletion(
  context: ProcessingContext,
  leased: InvoiceRecord,
  previousDueAt: Date | null = null,
): Promise<void> {
  const { seqr } = context;
  const current = await currentInvoice(seqr, leased);
  if (isUnconfirmed(current)) await processLeased(context, current, "completion");
  else await releaseLease(seqr, leased, previousDueAt);
}
