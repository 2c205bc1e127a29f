import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { ErrorCode } from "../../../../../errors/error-codes";
import { resolveAttentionItem } from "../../../../../attention/attention-list";
import { processingContext } from "../../../../../medusa/processing-context";
import type { DecisionBody } from "../validators";

const STALE: ErrorCode = "SEQR_DECISION_STALE";

/** A person decides about an entry: `{"action", "reason", "refund_reference"?}`. Gives what is left of its payment. */
export async function POST(
  req: AuthenticatedMedusaRequest<DecisionBody>,
  res: MedusaResponse,
): Promise<void> {
  const { action, reason, refund_reference: reference } = req.validatedBody;
  try {
    const attention = await resolveAttentionItem(processingContext(req.scope), req.params["id"] ?? "", {
      action,
      reason,
      actorId: req.auth_context.actor_id,
      ...(reference !== undefined && { refundReference: reference }),
    });
    res.json({ attention });
  } catch (error) {
    const { type, code, message } = error as { type?: string; code?: string; message?: string };
    if (code !== STALE) throw error;
    // Medusa answers every conflict with a sentence of its own, which would not say what to do.
    res.status(409).json({ type, code, message });
  }
}
