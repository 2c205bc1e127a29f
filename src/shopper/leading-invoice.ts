import { shopperStatus, STATE_TABLE, type InvoiceRecord } from "../modules/seqr/public";

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
  return shopperStatus(state, reason) === "reversed"
    ? STATE_TABLE.refunded.shopper.rank
    : STATE_TABLE[state].shopper.rank;
}

/** Whether the shopper has paid the invoice, and it is not being refunded because no order was possible. */
export function isPaid({ state }: InvoiceRecord): boolean {
  return STATE_TABLE[state].shopper.rank < 2;
}
