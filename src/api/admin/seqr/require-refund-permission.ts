import { hasPermission } from "@medusajs/framework";
import type {
  AuthenticatedMedusaRequest,
  MedusaNextFunction,
  MedusaResponse,
} from "@medusajs/framework/http";
import { MedusaError } from "@medusajs/framework/utils";
import type { AdminResolveSeqrAttentionType } from "./attention/validators";

const CREATE_REFUNDS = { resource: "refund", operation: "create" };

/**
 * In a store with RBAC, allows the decision to refund only to staff who may refund in Medusa. That is the action
 * `refund`, and `retry` of an entry that is about a refund.
 */
export async function requireRefundPermission(
  req: AuthenticatedMedusaRequest<AdminResolveSeqrAttentionType>,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  if (!makesRefund(req)) return next();
  const roles = (req.auth_context.app_metadata["roles"] ?? []) as string[];
  const isAllowed = await hasPermission({ roles, actions: CREATE_REFUNDS, container: req.scope });
  next(
    isAllowed
      ? undefined
      : new MedusaError(
          MedusaError.Types.FORBIDDEN,
          "Insufficient permissions. Required policies: refund:create",
        ),
  );
}

function makesRefund({
  validatedBody: { action },
  params,
}: AuthenticatedMedusaRequest<AdminResolveSeqrAttentionType>): boolean {
  return action === "refund" || (action === "retry" && /\.refund/.test(params["id"] ?? ""));
}
