import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn, seqrOf } from "../modules/seqr";
import { refundRecentlyCanceledOrders } from "../medusa/canceled-orders";
import { reconcileRefunds } from "../processing/refunds/reconcile-refunds";
import { processingContext } from "../medusa/processing-context";
import { deleteOldObservations } from "../modules/seqr/public";

/**
 * Every minute: finds what a process that died, or an event that was lost, has left between Medusa's books and SEQR; and
 * deletes a part of what has been kept for long enough.
 */
export default async function reconcile(container: MedusaContainer): Promise<void> {
  if (!isOn(container)) return;
  await reconcileRefunds(processingContext(container));
  await refundRecentlyCanceledOrders(container);
  await deleteOldObservations(seqrOf(container));
}

export const config = { name: "seqr-reconcile", schedule: { interval: 60_000 } };
