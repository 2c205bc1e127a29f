import type { InvoiceInput, InvoiceRow } from "../../../seqr";
import type { InvoiceRecord } from "../ledger/ledger";
import type { ResolvedOptions } from "../../../options/seqr-options";

/** The part of an invoice that sendInvoice and updateInvoice share. */
export function invoiceInput(
  { shopName, cashierId, footer }: ResolvedOptions,
  record: Pick<InvoiceRecord, "client_invoice_id" | "amount" | "currency_code" | "reservation_time">,
  rows: InvoiceRow[],
): InvoiceInput {
  return {
    title: shopName,
    clientInvoiceId: record.client_invoice_id,
    invoiceRows: rows,
    totalAmount: { currency: record.currency_code, value: record.amount },
    cashierId,
    footer,
    // The amount is the most that is captured, and less may be (PROTOCOL 3.3).
    ...(record.reservation_time !== null && {
      paymentMode: "RESERVATION_REQUIRED_PRELIMINARY_AMOUNT",
      commitReservationTimeout: record.reservation_time,
    }),
  };
}
