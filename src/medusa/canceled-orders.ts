import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { LOOKED_OVER } from "../modules/seqr/public";
import { returnMoneyOf } from "../processing/refunds/refund-canceled-orders";
import { settleContext } from "./processing-context";

/** Sees that the money of an order that was cancelled goes back. @see returnMoneyOf */
export async function returnMoneyOfCanceledOrder(container: MedusaContainer, orderId: string): Promise<void> {
  await returnMoneyOf(settleContext(container), [orderId]);
}

/**
 * The same for all orders that were cancelled of late, also those that staff have archived since: core's event about one
 * may be lost, its record is not.
 */
export async function returnMoneyOfCanceledOrders(container: MedusaContainer): Promise<void> {
  const seqr = seqrOf(container);
  const since = new Date(seqr.now().getTime() - LOOKED_OVER);
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "order",
    fields: ["id"],
    filters: { canceled_at: { $gte: since } },
  });
  const orderIds = data.map(({ id }) => id);
  await returnMoneyOf(settleContext(container), orderIds);
}
