import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { isOn } from "../modules/seqr";
import { processPaymentsOfOrder } from "../medusa/process-order-payments";

/** The storefront completed a cart by itself: tell the ledger that the order is there. */
export default async function orderPlaced({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  if (isOn(container)) await processPaymentsOfOrder(container, event.data.id);
}

export const config: SubscriberConfig = {
  event: "order.placed",
  context: { subscriberId: "seqr-order-placed" },
};
