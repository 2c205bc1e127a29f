import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { listAttention } from "../../../../attention/attention-list";
import type { AdminSeqrAttentionList } from "../../../../http-types";
import { attentionContext } from "../../../../attention/attention-context";
import type { AdminGetSeqrAttentionParamsType } from "./validators";

/** Lists the payments that are neither an order nor a refund yet, or not as they should be, and what is open in the books. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrAttentionParamsType>,
  res: MedusaResponse<AdminSeqrAttentionList>,
): Promise<void> {
  const query = req.validatedQuery as AdminGetSeqrAttentionParamsType;
  res.json(await listAttention(attentionContext(req.scope), query));
}
