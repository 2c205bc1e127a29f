import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { dismissAttentionItems } from "../../../../../attention/attention-list";
import { processingContext } from "../../../../../medusa/processing-context";
import type { DismissBody } from "../validators";

/** A person has seen all of these, which need nothing else: `{"ids", "reason"}`. Gives what became of each. */
export async function POST(req: AuthenticatedMedusaRequest<DismissBody>, res: MedusaResponse): Promise<void> {
  const { ids, reason } = req.validatedBody;
  const actorId = req.auth_context.actor_id;
  res.json({ results: await dismissAttentionItems(processingContext(req.scope), ids, { reason, actorId }) });
}
