import { SeqrError, SeqrUnknownOutcomeError, type InvoiceRow } from "../../../seqr";
import type { OperationContext } from "./operation-context";
import type { InvoiceRecord } from "../ledger/ledger";
import { seqrError } from "../../../errors/error-codes";
import { toMedusaError } from "../../../errors/seqr-errors";
import { UPDATABLE_STATES } from "../invoice/states";
import { cancelInvoice } from "./cancel-invoice";
import { invoiceInput } from "./invoice-input";

/**
 * Replaces amount and rows of an open invoice at SEQR (PROTOCOL 2.2).
 *
 * @param amount decimal string
 * @throws {MedusaError} SEQR_NOT_UPDATED when the invoice is no longer open or SEQR does not take the change; the
 * invoice is then as before
 */
export async function updateInvoice(
  context: OperationContext,
  invoice: InvoiceRecord,
  amount: string,
  rows: InvoiceRow[],
): Promise<InvoiceRecord> {
  const { ledger, clock, logger } = context;
  const { client, options } = context.terminals.of(invoice);
  if (invoice.state !== "open" || invoice.invoice_reference === null) {
    throw seqrError("SEQR_NOT_UPDATED", `The invoice is ${invoice.state}.`);
  }
  const changed = { ...invoice, amount };
  const { invoice_reference } = invoice;
  const send = (): Promise<void> =>
    client.updateInvoice(invoice_reference, invoiceInput(options, changed, rows));
  if (!(await ledger.update(invoice.id, { pending_amount: amount }, ["open"]))) {
    throw seqrError("SEQR_NOT_UPDATED", "The invoice is no longer open.");
  }
  let mayHaveArrived = false;
  const note = (error: unknown): Promise<never> => {
    mayHaveArrived ||= isUnknown(error);
    return Promise.reject(error);
  };
  try {
    // The whole content is replaced, so it may be sent again when the outcome is unknown.
    await send()
      .catch(note)
      .catch((error: unknown) => (mayHaveArrived ? send() : Promise.reject(error)))
      .catch(note);
  } catch (error) {
    // A refusal of the repetition does not tell the outcome of the first attempt.
    if (!mayHaveArrived) await ledger.update(invoice.id, { pending_amount: null }, UPDATABLE_STATES);
    if (!(error instanceof SeqrError) || error.code === "SEQR_INPUT") throw toMedusaError(error);
    // The invoice's amount is still unknown: no one may pay it.
    if (mayHaveArrived) await cancelInvoice(context, invoice, "superseded");
    else await ledger.scheduleNow(invoice.id, clock.now());
    throw seqrError("SEQR_NOT_UPDATED", error.message);
  }
  await ledger.update(invoice.id, { amount, pending_amount: null }, UPDATABLE_STATES);
  logger.info(`seqr: invoice ${invoice.invoice_reference} is now over ${amount} ${invoice.currency_code}`);
  return changed;
}

/** Whether the outcome is unknown. Code 90, with which SEQR also refuses a late change, is a refusal. */
function isUnknown(error: unknown): boolean {
  return error instanceof SeqrUnknownOutcomeError;
}
