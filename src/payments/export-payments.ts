import { csvHeader, csvRows, type CsvColumns } from "../books/export/csv";
import type { AdminSeqrPaymentRow } from "../http-types";
import type { PaymentCursor } from "../modules/seqr/public";
import { withFound, type PaymentsWanted } from "./list-payments";
import { paymentRows } from "./payment-rows";
import type { PaymentsContext } from "./payments-context";

/** Payments that are in memory at once. */
const BATCH = 1_000;

type Column = keyof AdminSeqrPaymentRow;

/** The columns of the export: those of the list. */
export const PAYMENT_COLUMNS: CsvColumns<Column> = {
  names: [
    ...(["created_at", "paid_at", "status", "state", "reason", "problem", "terminal"] as const),
    ...(["order_display_id", "amount", "refunded_amount", "net_amount", "currency_code"] as const),
    ...(["ers_reference", "invoice_reference", "order_id", "cart_id", "id"] as const),
  ],
  decimals: new Set<Column>(["amount", "refunded_amount", "net_amount"]),
};

/** Writes all payments of a list as CSV, in pieces: in constant memory however many they are. */
export async function* exportPayments(
  context: PaymentsContext,
  { q, direction, ...filter }: PaymentsWanted,
): AsyncIterable<string> {
  const wanted = await withFound(context, filter, q);
  let head = csvHeader(PAYMENT_COLUMNS);
  let after: PaymentCursor | undefined;
  do {
    const { records, next } = await context.reader.paymentsAfter(wanted, direction, BATCH, after);
    const rows = await paymentRows(context, records);
    yield head + csvRows(PAYMENT_COLUMNS, rows.map(cells));
    head = "";
    after = next;
  } while (after);
}

function cells(row: AdminSeqrPaymentRow): Record<Column, string | null> {
  return { ...row, order_display_id: row.order_display_id === null ? null : String(row.order_display_id) };
}
