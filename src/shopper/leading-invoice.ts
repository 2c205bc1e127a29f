import { shopperStatus, type InvoiceRecord, type InvoiceState } from "../modules/seqr/public";

/** What a shopper has to know first of a purchase: a lower number comes before a higher one. */
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
  return shopperStatus(state, reason) === "reversed" ? RANK.refunded : RANK[state];
}

/** Whether the shopper has paid with it, and no money is on its way back because no order was possible. */
export function isPaid({ state }: InvoiceRecord): boolean {
  return RANK[state] < 2;
}
