import { ORDER_PENDING_STATES } from "../invoice/states";
import { isBeingPaid } from "./cancel-invoice";
import type { OperationContext } from "./operation-context";

/** Tells whether a purchase could not be changed since a moment: it was paid, or SEQR said that it was being paid. */
export async function wasPurchaseKept(
  { ledger }: Pick<OperationContext, "ledger">,
  paymentCollectionId: string,
  since: Date,
): Promise<boolean> {
  const invoices = await ledger.invoicesOf([paymentCollectionId]);
  if (
    invoices.some(({ state, completed_at }) => completed_at !== null || ORDER_PENDING_STATES.includes(state))
  )
    return true;
  const ids = invoices.map(({ id }) => id);
  return (await ledger.observationsSince(ids, since)).some(isBeingPaid);
}
