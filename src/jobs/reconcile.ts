import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn } from "../modules/seqr";
import { returnMoneyOfCanceledOrders } from "../workflows/canceled-orders";
import { reconcileRefunds } from "../workflows/reconcile-refunds";
import { settleContext } from "../workflows/settle";

/** Every minute: finds what a process that died, or an event that was lost, has left between Medusa's books and SEQR. */
export default async function reconcile(container: MedusaContainer): Promise<void> {
  if (!isOn(container)) return;
  await reconcileRefunds(settleContext(container));
  await returnMoneyOfCanceledOrders(container);
}

export const config = { name: "seqr-reconcile", schedule: { interval: 60_000 } };
