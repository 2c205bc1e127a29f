import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrError } from "../errors/error-codes";
import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord, InvoiceState } from "../modules/seqr/public";

/** How a payment stands after a workflow. */
export interface ProcessedSeqrPayment {
  invoice_id: string;
  state: InvoiceState;
  /** Code of the error that stands in the way; see docs/errors.md. */
  problem: string | null;
  order_id: string | null;
}

/** The part of an invoice that a workflow gives. */
export function processed({ id, state, problem, order_id }: InvoiceRecord): ProcessedSeqrPayment {
  return { invoice_id: id, state, problem, order_id };
}

/** @throws {MedusaError} SEQR_NO_SUCH_INVOICE */
export async function invoiceById(container: MedusaContainer, id: string): Promise<InvoiceRecord> {
  const invoice = await seqrOf(container).ledger.find({ id });
  if (!invoice) throw seqrError("SEQR_NO_SUCH_INVOICE");
  return invoice;
}
