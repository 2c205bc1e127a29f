import type { InvoiceRecord, RefundRecord, OperationContext } from "../../modules/seqr/public";
import { closedRefunds, isOfAmount } from "../../modules/seqr/operations/refund/medusa-refund";
import { subtract, sum } from "../../seqr";
import type { Store } from "../store-port";

/**
 * The amount that SEQR has to refund when all of a payment is refunded. It excludes refunds of Medusa that staff have closed: the
 * shopper has that money already, or is not to get it.
 *
 * @param rest what SEQR has not refunded; decimal string
 * @returns decimal string
 */
export async function withoutClosed(
  { seqr, store }: { seqr: OperationContext; store: Store },
  invoice: InvoiceRecord,
  { rest, refunds }: { rest: string; refunds: readonly RefundRecord[] },
): Promise<string> {
  const closed = await closedRefunds(seqr, invoice);
  if (closed.size === 0) return rest;
  for (const { state, idempotency_key } of refunds) if (state === "done") closed.delete(idempotency_key);
  const records = (await store.refundRecordsOf(invoice.session_id)).filter(({ id }) => closed.has(id));
  const otherwise = sum(records.map(({ amount }) => amount));
  // Medusa's amounts may have more decimals, so a hundredth may be left by rounding.
  return isOfAmount({ amount: rest }, otherwise) ? "0.00" : subtract(rest, otherwise);
}
