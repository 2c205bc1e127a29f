import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { isOn } from "../modules/seqr";
import { processSeqrOrderPaymentsWorkflow } from "../workflows/process-order-payments";

/** The storefront completed a cart by itself: tells the ledger that the order is there. */
export default async function orderPlaced({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  if (!isOn(container)) return;
  await processSeqrOrderPaymentsWorkflow(container).run({ input: { order_id: event.data.id } });
}

export const config: SubscriberConfig = {
  event: "order.placed",
  context: { subscriberId: "seqr-order-placed" },
};
