import { compare, subtract, sum } from "../../../../seqr";
import type { InvoiceRecord, RefundRecord } from "../../ledger/ledger";
import type { OperationContext } from "../operation-context";
import { takeTransition } from "../take-transition";

/** What of a payment has not been refunded; decimal string. */
export function refundableAmount({ amount }: InvoiceRecord, refunds: RefundRecord[]): string {
  return subtract(amount, refundedAmount(refunds));
}

function refundedAmount(refunds: RefundRecord[]): string {
  return sum(refunds.filter(({ state }) => state === "done").map(({ amount }) => amount));
}

/** Ends an invoice whose payment is refunded completely, unless it has an order. */
export async function closeIfRefunded(
  context: OperationContext,
  invoice: InvoiceRecord,
  refunds: RefundRecord[],
): Promise<void> {
  if (compare(refundableAmount(invoice, refunds), "0") !== 0) return;
  await takeTransition(context, invoice, "refunded", { problem: null });
}
