import type { AdminSeqrPaymentRow } from "../http-types";
import { orderNumbersOf } from "../medusa/exported-orders";
import type { InvoiceRecord, RefundRecord } from "../modules/seqr/public";
import { moneyOf, statusOf } from "./payment-status";
import type { PaymentsContext } from "./payments-context";

/** Writes payments as the admin API lists them: with one statement for all refunds, and one query for all orders. */
export async function paymentRows(
  { seqr, query }: Pick<PaymentsContext, "seqr" | "query">,
  invoices: readonly InvoiceRecord[],
): Promise<AdminSeqrPaymentRow[]> {
  const refunds = new Map<string, RefundRecord[]>(invoices.map(({ id }) => [id, []]));
  if (invoices.length > 0)
    for (const refund of await seqr.ledger.refundsOfAll([...refunds.keys()]))
      refunds.get(refund.invoice_id)?.push(refund);
  const numbers = await orderNumbersOf(query, [
    ...new Set(invoices.flatMap(({ order_id }) => order_id ?? [])),
  ]);
  return invoices.map((invoice) =>
    paymentRow(invoice, refunds.get(invoice.id) ?? [], numberOf(numbers, invoice.order_id)),
  );
}

/** Writes a payment as the admin API lists it. */
export function paymentRow(
  invoice: InvoiceRecord,
  refunds: readonly RefundRecord[],
  orderNumber: number | null,
): AdminSeqrPaymentRow {
  const { id, state, reason, problem, terminal, invoice_reference, cart_id, order_id } = invoice;
  const { refunded, net } = moneyOf(invoice, refunds);
  return {
    ...{ id, status: statusOf(invoice, refunds), state, reason, problem, terminal, invoice_reference },
    // After a contradicting answer, the one that the answer names.
    ers_reference: invoice.ers_reference ?? invoice.disputed_reference,
    ...{ cart_id, order_id, order_display_id: orderNumber, amount: invoice.amount },
    ...{ refunded_amount: refunded, net_amount: net, currency_code: invoice.currency_code },
    created_at: invoice.created_at.toISOString(),
    paid_at: invoice.paid_at?.toISOString() ?? null,
  };
}

/** The number of an order among those that were read; null when it has none. */
export function numberOf(numbers: ReadonlyMap<string, string>, orderId: string | null): number | null {
  return Number(numbers.get(orderId ?? "") ?? "") || null;
}
