import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { RECONCILIATION_WINDOW } from "../modules/seqr/public";
import { refundCanceledOrders } from "../processing/refunds/refund-canceled-orders";
import { processingContext } from "./processing-context";

/** Sees that the money of an order that was cancelled goes back. @see refundCanceledOrders */
export async function refundCanceledOrder(container: MedusaContainer, orderId: string): Promise<void> {
  await refundCanceledOrders(processingContext(container), [orderId]);
}

/**
 * The same for all orders that were cancelled of late, also those that staff have archived since: core's event about one
 * may be lost, its record is not.
 */
export async function refundRecentlyCanceledOrders(container: MedusaContainer): Promise<void> {
  const seqr = seqrOf(container);
  const since = new Date(seqr.clock.now().getTime() - RECONCILIATION_WINDOW);
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "order",
    fields: ["id"],
    filters: { canceled_at: { $gte: since } },
  });
  const orderIds = data.map(({ id }) => id);
  await refundCanceledOrders(processingContext(container), orderIds);
}
