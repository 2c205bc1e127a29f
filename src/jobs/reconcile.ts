import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn } from "../modules/seqr";
import { reconcileSeqrWorkflow } from "../workflows/reconcile";

/** Every minute: reconciles Medusa's books with SEQR. */
export default async function reconcile(container: MedusaContainer): Promise<void> {
  if (isOn(container)) await reconcileSeqrWorkflow(container).run();
}

export const config = { name: "seqr-reconcile", schedule: { interval: 60_000 } };
