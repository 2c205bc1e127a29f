import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { isOn } from "../modules/seqr";
import { refundCanceledSeqrOrdersWorkflow } from "../workflows/refund-canceled-orders";

/** An order was cancelled: its open code is cancelled, and what core could not refund is refunded. */
export default async function orderCanceled({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  if (!isOn(container)) return;
  await refundCanceledSeqrOrdersWorkflow(container).run({ input: { order_ids: [event.data.id] } });
}

export const config: SubscriberConfig = {
  event: "order.canceled",
  context: { subscriberId: "seqr-order-canceled" },
};
