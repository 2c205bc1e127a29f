import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { inTime } from "../../clock";
import { untilAnswered } from "./keep-until-answered";

/** Time limit in milliseconds of the wait for the previous change. */
const PATIENCE = 20_000;

/** The latest change of each cart with a change in progress. */
const latest = new Map<string, Promise<unknown>>();

/**
 * Serializes the changes of a cart within this process. Core locks the cart for each change and answers "unknown error" to a
 * request that waits for more than two seconds, but a change that cancels a SEQR invoice calls SEQR, which may take longer.
 * Between processes only core's lock applies.
 */
export async function changeCartInTurn(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const cartId = cartOf(req);
  if (cartId === undefined) return next();
  const earlier = latest.get(cartId);
  const change = untilAnswered(req, res);
  latest.set(cartId, change);
  void change.then(() => latest.get(cartId) === change && latest.delete(cartId));
  if (earlier) await inTime(seqrOf(req.scope).clock, earlier, PATIENCE);
  next();
}

/** The cart of a request: from its path, or for a new payment collection from its body. */
function cartOf({ originalUrl, body }: MedusaRequest): string | undefined {
  const [, inPath] = /^\/store\/carts\/([^/?]+)/i.exec(originalUrl) ?? [];
  const { cart_id } = (body ?? {}) as { cart_id?: unknown };
  return inPath ?? (typeof cart_id === "string" ? cart_id : undefined);
}
