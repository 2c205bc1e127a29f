import { checkInvoice, type InvoiceInput } from "../limits";
import type { Invoice } from "../types";

/**
 * Checks an invoice and adds the fields that most merchants leave out: immediate debit, no acknowledgment, issued now.
 *
 * @param now milliseconds since 1970
 * @throws {SeqrInputError} when the invoice breaks a documented limit
 */
export function completeInvoice(invoice: InvoiceInput, now: number, operation: string): Invoice {
  checkInvoice(invoice, operation);
  return {
    ...invoice,
    paymentMode: invoice.paymentMode ?? "IMMEDIATE_DEBIT",
    acknowledgmentMode: invoice.acknowledgmentMode ?? "NO_ACKNOWLEDGMENT",
    issueDate: invoice.issueDate ?? new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
  };
}
