import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { connectionHealth } from "../../../../health/health";
import { healthContext } from "../../../../health/health-context";
import type { AdminSeqrHealth } from "../../../../http-types";

/** Says how the store is connected with SEQR, for staff and for monitoring: always with status 200, the level is in the body. */
export async function GET(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrHealth>,
): Promise<void> {
  res.setHeader("Cache-Control", "no-store");
  res.json(await connectionHealth(healthContext(req.scope)));
}
