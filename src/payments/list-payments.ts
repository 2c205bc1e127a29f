import type { AdminSeqrPaymentList } from "../http-types";
import type { Direction, PartOf, PaymentFilter } from "../modules/seqr/public";
import { findPurchases } from "../medusa/find-purchases";
import { paymentRows } from "./payment-rows";
import type { PaymentsContext } from "./payments-context";

/** Which payments, and in which order. */
export interface PaymentsWanted extends Omit<PaymentFilter, "ids"> {
  /** A whole reference; left out, all payments. */
  q?: string | undefined;
  direction: Direction;
}

/** Payments that one reference finds: the newest. */
const FOUND = 1_000;

/** Lists payments: a part of them, and how many there are up to a bound. */
export async function listPayments(
  context: PaymentsContext,
  { q, direction, ...filter }: PaymentsWanted,
  { limit, offset }: PartOf,
): Promise<AdminSeqrPaymentList> {
  const wanted = await withFound(context, filter, q);
  const { records, count, has_more } = await context.reader.listPayments(wanted, direction, {
    limit,
    offset,
  });
  return { payments: await paymentRows(context, records), count, has_more, offset, limit };
}

/** Narrows a filter down to the payments that a reference finds, if there is one. */
export async function withFound(
  context: Pick<PaymentsContext, "reader" | "query">,
  filter: PaymentFilter,
  q: string | undefined,
): Promise<PaymentFilter> {
  return q === undefined ? filter : { ...filter, ids: await findPayments(context, q) };
}

/**
 * Finds the payments of a whole reference: the number or id of an order, one of SEQR's references, the reference or id of a refund, the id of
 * an invoice, a cart, a payment session, a payment collection or a payment, or the shopper's e-mail.
 *
 * @returns the ids of the invoices, newest first; FOUND of them at most
 */
export async function findPayments(
  { reader, query }: Pick<PaymentsContext, "reader" | "query">,
  reference: string,
): Promise<string[]> {
  return reader.findPayments({ reference, ...(await findPurchases(query, reference)) }, FOUND);
}
