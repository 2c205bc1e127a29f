import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { confirmOrder } from "../workflows/confirm-order";

/** The storefront completed a cart by itself: tell the ledger that the order is there. */
export default async function orderPlaced({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await confirmOrder(container, event.data.id);
}

export const config: SubscriberConfig = {
  event: "order.placed",
  context: { subscriberId: "seqr-order-placed" },
};
