import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { RECONCILIATION_WINDOW } from "../modules/seqr/public";
import { refundCanceledOrders } from "../processing/refunds/refund-canceled-orders";
import { processingContext } from "./processing-context";
import { queryOf, readRows } from "./queries";

/** Refunds the payment of an order that was cancelled. @see refundCanceledOrders */
export async function refundCanceledOrder(container: MedusaContainer, orderId: string): Promise<void> {
  await refundCanceledOrders(processingContext(container), [orderId]);
}

/**
 * Refunds the payments of all orders that were cancelled within the reconciliation window, also of archived ones: core's event
 * about a cancellation may be lost, its record is not.
 */
export async function refundRecentlyCanceledOrders(container: MedusaContainer): Promise<void> {
  const seqr = seqrOf(container);
  const since = new Date(seqr.clock.now().getTime() - RECONCILIATION_WINDOW);
  const orders = await readRows<{ id: string }>(queryOf(container), {
    entity: "order",
    fields: ["id"],
    filters: { canceled_at: { $gte: since } },
  });
  const orderIds = orders.map(({ id }) => id);
  await refundCanceledOrders(processingContext(container), orderIds);
}
