import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { listAttention } from "../../../../attention/attention-list";
import { processingContext } from "../../../../medusa/processing-context";
import type { AttentionParams } from "./validators";

/**
 * Money that is neither an order nor a refund yet, or not as it should be: what is the matter, since when, what will
 * happen by itself and when, and what a person can do. In pages as all lists of Medusa's admin API.
 */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AttentionParams>,
  res: MedusaResponse,
): Promise<void> {
  const asked = req.validatedQuery as AttentionParams;
  res.json(await listAttention(processingContext(req.scope), asked));
}
