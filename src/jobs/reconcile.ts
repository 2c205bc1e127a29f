import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn, seqrOf } from "../modules/seqr";
import { refundRecentlyCanceledOrders } from "../medusa/canceled-orders";
import { reconcileRefunds } from "../processing/refunds/reconcile-refunds";
import { processingContext } from "../medusa/processing-context";

/**
 * Reconciles Medusa with SEQR every minute, after a crashed process or a lost event, and deletes some of the observations
 * that are older than `keepObservations`.
 */
export default async function reconcile(container: MedusaContainer): Promise<void> {
  if (!isOn(container)) return;
  await reconcileRefunds(processingContext(container));
  await refundRecentlyCanceledOrders(container);
  await seqrOf(container).deleteOldObservations();
}

export const config = { name: "seqr-reconcile", schedule: { interval: 60_000 } };
