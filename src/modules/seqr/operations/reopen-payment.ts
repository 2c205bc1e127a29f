import type { InvoiceRecord } from "../ledger/ledger";
import type { OperationContext } from "./operation-context";
import { takeTransition } from "./take-transition";

/**
 * Returns a payment to `paid`, because core rolls its order back. Unless core refunds it, the plugin places the order anew, or
 * refunds the payment when that is impossible.
 */
export async function reopenPayment(context: OperationContext, invoice: InvoiceRecord): Promise<void> {
  await takeTransition(context, invoice, "paid", {
    ...{ reason: "compensated", order_id: null, completed_at: null },
    ...{ attempts: 0, due_at: context.clock.now() },
  });
}
