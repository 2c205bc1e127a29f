import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { holdUntilAnswered } from "./hold-until-answered";
import { lockPurchase } from "../../modules/seqr/public";

/**
 * Lets a purchase's payments be started one after the other, on all servers, whatever the method: a double click or two
 * tabs would leave two sessions, of which core completes any.
 */
export function holdWhileStarting(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  return holdUntilAnswered(req, res, {
    hold: () => lockPurchase(seqrOf(req.scope), req.params["id"] ?? ""),
    letGo: (letGo) => letGo(),
    goOn: () => next(),
  });
}
