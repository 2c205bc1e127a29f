import { shopperStatus, STATE_TABLE, type InvoiceRecord } from "../modules/seqr/public";

/**
 * The invoice that a shopper is told of who comes with the token of one: the paid one of the purchase, else the one that
 * can be paid, else one whose money goes back, or that a person has taken over; else their own. So nobody reads that
 * nothing was charged when another code of the same purchase was paid, or may be soon.
 *
 * @param own the token's invoice
 * @param all invoices of its purchase, newest first
 */
export function leadingInvoice(own: InvoiceRecord, all: InvoiceRecord[]): InvoiceRecord {
  const [first = own, ...others] = [...all.filter(({ id }) => id === own.id), ...all];
  return others.reduce((best, one) => (rankOf(one) < rankOf(best) ? one : best), first);
}

/** SEQR has given back what was paid with a reversed one. */
function rankOf({ state, reason }: InvoiceRecord): number {
  return shopperStatus(state, reason) === "reversed"
    ? STATE_TABLE.refunded.shopper.rank
    : STATE_TABLE[state].shopper.rank;
}

/** Whether the shopper has paid with it, and no money is on its way back because no order was possible. */
export function isPaid({ state }: InvoiceRecord): boolean {
  return STATE_TABLE[state].shopper.rank < 2;
}
