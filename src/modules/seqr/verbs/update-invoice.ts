import { SeqrError, type InvoiceRow } from "../../../seqr";
import type { SeqrContext } from "../context";
import type { InvoiceRecord } from "../ledger";
import { problem, toMedusaError } from "../problems";
import { invoiceInput } from "./invoice-input";

/**
 * Replaces amount and rows of an open invoice at SEQR (PROTOCOL 2.2).
 *
 * @param amount decimal string
 * @throws {MedusaError} SEQR_NOT_UPDATED when the invoice is no longer open or SEQR does not take the change; the
 * invoice is then as before
 */
export async function updateInvoice(
  { ledger, client, clock, options, logger }: SeqrContext,
  invoice: InvoiceRecord,
  amount: string,
  rows: InvoiceRow[],
): Promise<InvoiceRecord> {
  if (invoice.state !== "open" || invoice.invoice_reference === null) {
    throw problem("SEQR_NOT_UPDATED", `The invoice is ${invoice.state}.`);
  }
  const changed = { ...invoice, amount };
  try {
    await client.updateInvoice(invoice.invoice_reference, invoiceInput(options, changed, rows));
  } catch (error) {
    if (!(error instanceof SeqrError) || error.code === "SEQR_INPUT") throw toMedusaError(error);
    await ledger.hurry(invoice.id, clock.now());
    throw problem("SEQR_NOT_UPDATED", error.message);
  }
  await ledger.update(invoice.id, { amount });
  logger.info(`seqr: invoice ${invoice.invoice_reference} is now over ${amount} ${invoice.currency_code}`);
  return changed;
}
