import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { processingContext } from "../../../../medusa/processing-context";
import { handleNotification } from "../../../../processing/handle-notification";
import { invoiceOfToken } from "../../../middlewares/find-invoice";

/**
 * SEQR's notification (PROTOCOL 5.1): sent once, unsigned, perhaps empty. The token in the address says which invoice;
 * the body is not read. Answered as soon as it is written down.
 */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  await handleNotification(processingContext(req.scope), invoice);
  res.status(200).json({ received: true });
}

export const GET = POST;
