import type { AdminSeqrRefundList } from "../http-types";
import type { PartOf, RefundFilter } from "../modules/seqr/public";
import { findPayments } from "./list-payments";
import type { PaymentsContext } from "./payments-context";
import { refundDetails } from "./refund-details";

/** Which refunds. */
export interface RefundsWanted extends Omit<RefundFilter, "ids" | "invoice_ids"> {
  /** A whole reference of a refund or a payment; left out, all refunds. */
  q?: string | undefined;
}

/** Lists refunds: a part of them, those of unknown outcome first, then the newest. */
export async function listRefunds(
  context: PaymentsContext,
  { q, ...filter }: RefundsWanted,
  { limit, offset }: PartOf,
): Promise<AdminSeqrRefundList> {
  const found = q === undefined ? {} : await findRefunds(context, q);
  const part = await context.reader.listRefunds({ ...filter, ...found }, { limit, offset });
  const { records, count, has_more } = part;
  return { refunds: await refundDetails(context, records), count, has_more, offset, limit };
}

/** The refund that a reference names, or else the refunds of the payments that it finds. */
async function findRefunds(context: PaymentsContext, reference: string): Promise<RefundFilter> {
  const ids = await context.reader.findRefunds(reference);
  return ids.length > 0 ? { ids } : { invoice_ids: await findPayments(context, reference) };
}
