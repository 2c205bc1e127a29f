import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { ATTENTION_ACTIONS, problem, type AttentionAction } from "../../../../../modules/seqr/contract";
import { decide } from "../../../../../workflows/attention";
import { settleContext } from "../../../../../workflows/settle";

interface Body {
  action?: unknown;
  reason?: unknown;
  refund_reference?: unknown;
}

/** A person decides about an entry: `{"action", "reason", "refund_reference"?}`. Gives what is left of its payment. */
export async function POST(req: AuthenticatedMedusaRequest<Body>, res: MedusaResponse): Promise<void> {
  const { action, reason = "", refund_reference: reference } = req.body;
  if (!isAction(action)) {
    throw problem("SEQR_DECISION", `"action" must be one of ${ATTENTION_ACTIONS.join(", ")}.`);
  }
  if (typeof reason !== "string" || reason.length > 1_000) {
    throw problem("SEQR_DECISION", '"reason" must be a text of at most 1000 characters.');
  }
  if (reference !== undefined && (typeof reference !== "string" || !/^\S{1,64}$/.test(reference))) {
    throw problem("SEQR_DECISION", '"refund_reference" must be SEQR\'s reference of the refund.');
  }
  const attention = await decide(settleContext(req.scope), req.params["id"] ?? "", {
    action,
    reason,
    actorId: req.auth_context.actor_id,
    ...(reference !== undefined && { refundReference: reference }),
  });
  res.json({ attention });
}

function isAction(action: unknown): action is AttentionAction {
  return ATTENTION_ACTIONS.some((known) => known === action);
}
