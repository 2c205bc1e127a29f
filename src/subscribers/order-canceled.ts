import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { returnMoneyOfCanceledOrder } from "../workflows/canceled-orders";

/** An order was cancelled: whatever core could not refund goes back all the same. */
export default async function orderCanceled({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await returnMoneyOfCanceledOrder(container, event.data.id);
}

export const config: SubscriberConfig = {
  event: "order.canceled",
  context: { subscriberId: "seqr-order-canceled" },
};
