import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { keepUntilAnswered } from "./keep-until-answered";
import { lockPurchase } from "../../modules/seqr/public";

/**
 * Locks a purchase while a payment of it is started, on all servers and for every payment method: a double click or two tabs would
 * leave two sessions, of which core completes any.
 */
export function lockPurchaseWhileStarting(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  return keepUntilAnswered(req, res, {
    acquire: () => lockPurchase(seqrOf(req.scope), req.params["id"] ?? ""),
    release: (unlock) => unlock(),
    proceed: () => next(),
  });
}
