import { shopperStatus, type InvoiceRecord, type InvoiceState } from "../modules/seqr/public";

/** Priority of an invoice's state for the shopper: a lower number takes precedence. */
const RANK: Record<InvoiceState, number> = {
  completed: 0,
  refund_due: 0,
  captured: 1,
  paid: 1,
  unacknowledged: 2,
  canceling: 2,
  open: 2,
  sending: 2,
  refunding: 3,
  refunded: 3,
  closed_by_staff: 3,
  canceled: 4,
  expired: 4,
  failed: 4,
  not_issued: 4,
};

/**
 * Chooses the invoice that is shown for a token: the paid one of the purchase, else the payable one, else one
 * that is refunded or handled by staff, else the token's own. So a shopper never reads "Nothing was charged" while another
 * code of the same purchase was paid or can be paid.
 *
 * @param own the token's invoice
 * @param all invoices of its purchase, newest first
 */
export function leadingInvoice(own: InvoiceRecord, all: InvoiceRecord[]): InvoiceRecord {
  const [first = own, ...others] = [...all.filter(({ id }) => id === own.id), ...all];
  return others.reduce((best, one) => (rankOf(one) < rankOf(best) ? one : best), first);
}

/** Whether SEQR reversed the payment. */
function rankOf({ state, reason }: InvoiceRecord): number {
  return shopperStatus(state, reason) === "reversed" ? RANK.refunded : RANK[state];
}

/** Whether the shopper has paid the invoice, and it is not being refunded because no order was possible. */
export function isPaid({ state }: InvoiceRecord): boolean {
  return RANK[state] < 2;
}
