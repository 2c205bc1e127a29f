import { after } from "../../../../clock";
import { refundTimeLimit } from "../../invoice/time-limits";
import type { RefundRecord } from "../../ledger/ledger";
import type { OperationContext } from "../operation-context";

/** Records the outcome of a refund. */
export async function finishRefund(
  { ledger, clock }: Pick<OperationContext, "ledger" | "clock">,
  refund: RefundRecord,
  state: "done" | "refused" | "unknown",
  result: string,
  reference?: string,
): Promise<RefundRecord> {
  const patch = { refund_reference: reference ?? null, result, finished_at: clock.now() };
  return (await ledger.finishRefund(refund.id, state, patch)) ?? { ...refund, ...patch, state };
}

/** Records that the outcome of a refund is unknown, because its process has crashed before it could record it. */
export function finishAbandonedRefund(
  context: Pick<OperationContext, "ledger" | "clock">,
  refund: RefundRecord,
): Promise<RefundRecord> {
  return finishRefund(context, refund, "unknown", "SEQR_ANSWER_LOST");
}

/** Finishes all refunds whose processes must have crashed, so that they are listed for staff. */
export async function endAbandonedRefunds({
  ledger,
  clock,
  terminals,
}: Pick<OperationContext, "ledger" | "clock" | "terminals">): Promise<void> {
  // The refunds' invoices are not read: the longest time limit is good for all.
  const limit = Math.max(...terminals.all.map(({ options }) => refundTimeLimit(options)));
  for (const refund of await ledger.requestedRefunds(after(clock.now(), -limit))) {
    await finishAbandonedRefund({ ledger, clock }, refund);
  }
}
