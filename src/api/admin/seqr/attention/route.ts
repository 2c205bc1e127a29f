import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { listAttention } from "../../../../attention/attention-list";
import type { AdminSeqrAttentionList } from "../../../../http-types";
import { processingContext } from "../../../../medusa/processing-context";
import type { AdminGetSeqrAttentionParamsType } from "./validators";

/** Lists the payments that are neither an order nor a refund yet, or not as they should be. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrAttentionParamsType>,
  res: MedusaResponse<AdminSeqrAttentionList>,
): Promise<void> {
  const query = req.validatedQuery as AdminGetSeqrAttentionParamsType;
  res.json(await listAttention(processingContext(req.scope), query));
}
