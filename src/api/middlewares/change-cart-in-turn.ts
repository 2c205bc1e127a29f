import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { inTime } from "../../clock";
import { untilAnswered } from "./keep-until-answered";

/** Milliseconds after which a change waits no longer for the one before. */
const PATIENCE = 20_000;

/** The latest change of each cart that has one. */
const latest = new Map<string, Promise<unknown>>();

/**
 * Lets the changes of a cart come one after the other. Core holds the cart for each, and tells who has waited for two
 * seconds that an unknown error occurred; but a change that ends a SEQR payment has to ask SEQR, which may take longer.
 * For the changes of one process only; between processes core's lock decides.
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

/** The cart that a request is about: by its path, or for a new payment collection by its body. */
function cartOf({ originalUrl, body }: MedusaRequest): string | undefined {
  const [, inPath] = /^\/store\/carts\/([^/?]+)/i.exec(originalUrl) ?? [];
  const { cart_id } = (body ?? {}) as { cart_id?: unknown };
  return inPath ?? (typeof cart_id === "string" ? cart_id : undefined);
}
