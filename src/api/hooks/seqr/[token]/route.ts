import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { notificationLogOf } from "../../../../modules/seqr";
import { processingContext } from "../../../../medusa/processing-context";
import { handleNotification } from "../../../../processing/handle-notification";
import { invoiceOfToken } from "../../../middlewares/find-invoice";

/**
 * Receives SEQR's notification (PROTOCOL 5.1), which is sent once, is unsigned and may be empty. The token in the address
 * identifies the invoice, and the body is not read. The answer is sent as soon as the notification is recorded.
 */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  const context = processingContext(req.scope);
  const receivedAt = context.seqr.clock.now();
  await handleNotification(context, invoice);
  res.status(200).json({ received: true });
  // For staff to read, written in the background.
  notificationLogOf(req.scope).record(invoice, receivedAt);
}

export const GET = POST;
