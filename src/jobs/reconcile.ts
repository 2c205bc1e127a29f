import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn } from "../modules/seqr";
import { reconcileSeqrWorkflow } from "../workflows/reconcile";

/**
 * Reconciles Medusa with SEQR every minute, after a crashed process or a lost event, and deletes some of the observations
 * that are older than `keepObservations`, and of the notifications that are older than `notificationsKept`.
 */
export default async function reconcile(container: MedusaContainer): Promise<void> {
  if (isOn(container)) await reconcileSeqrWorkflow(container).run();
}

export const config = { name: "seqr-reconcile", schedule: { interval: 60_000 } };
