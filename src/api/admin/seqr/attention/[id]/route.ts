import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { ErrorCode } from "../../../../../errors/error-codes";
import type { AdminSeqrAttentionResolved } from "../../../../../http-types";
import { resolveSeqrAttentionWorkflow } from "../../../../../workflows/resolve-attention";
import type { AdminResolveSeqrAttentionType } from "../validators";

const STALE: ErrorCode = "SEQR_DECISION_STALE";

/** Carries out what a member of staff decides about an entry. Gives the entries that the payment still has. */
export async function POST(
  req: AuthenticatedMedusaRequest<AdminResolveSeqrAttentionType>,
  res: MedusaResponse<AdminSeqrAttentionResolved | ErrorBody>,
): Promise<void> {
  const input = { ...req.validatedBody, id: req.params["id"] ?? "", actor_id: req.auth_context.actor_id };
  try {
    const { result } = await resolveSeqrAttentionWorkflow(req.scope).run({ input });
    res.json({ attention_items: result });
  } catch (error) {
    const { type, code, message } = error as ErrorBody;
    if (code !== STALE) throw error;
    // Medusa answers every conflict with a sentence of its own, which would not say what to do.
    res.status(409).json({ type, code, message });
  }
}

interface ErrorBody {
  type?: string | undefined;
  code?: string | undefined;
  message?: string | undefined;
}
