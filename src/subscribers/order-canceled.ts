import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { isOn } from "../modules/seqr";
import { refundCanceledSeqrOrdersWorkflow } from "../workflows/refund-canceled-orders";

/** Cancels the open invoices of a cancelled order, and refunds the payments that core did not refund. */
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
