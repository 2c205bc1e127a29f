import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { AdminSeqrAttentionDismissed } from "../../../../../http-types";
import { dismissSeqrAttentionWorkflow } from "../../../../../workflows/dismiss-attention";
import type { AdminDismissSeqrAttentionType } from "../validators";

/** Dismisses entries that only have to be acknowledged. Gives what became of each. */
export async function POST(
  req: AuthenticatedMedusaRequest<AdminDismissSeqrAttentionType>,
  res: MedusaResponse<AdminSeqrAttentionDismissed>,
): Promise<void> {
  const input = { ...req.validatedBody, actor_id: req.auth_context.actor_id };
  const { result } = await dismissSeqrAttentionWorkflow(req.scope).run({ input });
  res.json({ results: result });
}
