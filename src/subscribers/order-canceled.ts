import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { isOn } from "../modules/seqr";
import { cancelOpenInvoicesOf } from "../medusa/process-order-payments";
import { refundCanceledOrder } from "../medusa/canceled-orders";

/** Cancels the open invoices of a cancelled order, and refunds the payments that core did not refund. */
export default async function orderCanceled({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  if (!isOn(container)) return;
  await cancelOpenInvoicesOf(container, event.data.id);
  await refundCanceledOrder(container, event.data.id);
}

export const config: SubscriberConfig = {
  event: "order.canceled",
  context: { subscriberId: "seqr-order-canceled" },
};
