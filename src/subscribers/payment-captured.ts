import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework";
import { isOn } from "../modules/seqr";
import { confirmSeqrCaptureWorkflow } from "../workflows/confirm-capture";

/** Confirms that Medusa has recorded the capture of a SEQR reservation. */
export default async function paymentCaptured({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  if (!isOn(container)) return;
  await confirmSeqrCaptureWorkflow(container).run({ input: { payment_id: event.data.id } });
}

export const config: SubscriberConfig = {
  event: "payment.captured",
  context: { subscriberId: "seqr-payment-captured" },
};
