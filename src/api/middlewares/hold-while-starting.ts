import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { holdUntilAnswered } from "./hold-until-answered";

/**
 * Serializes the starts of a purchase's payments, on all servers and for all methods. Without it a double click or two
 * tabs would create two sessions, of which core completes either.
 */
export function holdWhileStarting(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  return holdUntilAnswered(req, res, {
    hold: () => seqrOf(req.scope).lockPurchase(req.params["id"] ?? ""),
    letGo: (letGo) => letGo(),
    goOn: () => next(),
  });
}
