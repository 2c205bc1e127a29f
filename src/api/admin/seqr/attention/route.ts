import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { listAttention } from "../../../../workflows/attention";
import { settleContext } from "../../../../workflows/settle";

/** Entries that one answer holds, unless it is asked for fewer. */
const MOST = 200;

/**
 * Money that is neither an order nor a refund yet, or not as it should be: what is the matter, since when, what will
 * happen by itself and when, and what a person can do.
 */
export async function GET(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const asked = Number(req.query["limit"] ?? MOST);
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, MOST) : MOST;
  res.json({ attention: await listAttention(settleContext(req.scope), limit) });
}
