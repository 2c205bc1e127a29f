import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../modules/seqr";
import { oneLine } from "../modules/seqr/contract";

/**
 * Lets a purchase's payments be started one after the other, on all servers, whatever the method: a double click or two
 * tabs would leave two sessions, of which core completes any.
 */
export async function holdWhileStarting(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const letGo = await seqrOf(req.scope).holdPurchase(req.params["id"] ?? "");
  if (res.closed) return letGo();
  res.once("close", () => {
    letGo().catch((error: unknown) => {
      req.scope.resolve("logger").warn(`seqr: a purchase could not be let go: ${oneLine(error)}`);
    });
  });
  next();
}
