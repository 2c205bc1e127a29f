import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { isOn } from "../modules/seqr";
import { processSeqrOrderPaymentsWorkflow } from "../workflows/process-order-payments";

/** Records the order of a cart that the storefront completed. */
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
