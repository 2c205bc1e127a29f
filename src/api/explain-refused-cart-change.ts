import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { oneLine, PROBLEMS } from "../modules/seqr/contract";
import { restoreCart } from "../workflows/restore-cart";

/** What core says when a provider refuses to let a payment session go; it hides the provider's own words. */
const CORE_SAYS = "Could not delete all payment sessions";

/**
 * Tells the storefront why a cart change was refused, and puts right what core's roll-back leaves behind. Core keeps
 * the reason to its log, and answers 500 as if something had broken.
 */
export function explainRefusedCartChange(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  const send = res.json.bind(res);
  res.json = (body: unknown) => {
    const { message } = (typeof body === "object" && body !== null ? body : {}) as { message?: unknown };
    if (res.statusCode < 500 || message !== CORE_SAYS) return send(body);
    const { type, cause, cure } = PROBLEMS.SEQR_PAYMENT_IN_PROGRESS;
    void restored(req).finally(() => {
      res.status(409);
      send({ code: "SEQR_PAYMENT_IN_PROGRESS", type, message: `${cause} ${cure}` });
    });
    return res;
  };
  next();
}

async function restored(req: MedusaRequest): Promise<void> {
  const cartId = /^\/store\/carts\/([^/?]+)/i.exec(req.originalUrl)?.[1];
  if (cartId === undefined) return;
  try {
    await restoreCart(req.scope, cartId);
  } catch (error) {
    // The settlement does it again before it gives an order up.
    req.scope.resolve("logger").warn(`seqr: cart ${cartId} could not be put right: ${oneLine(error)}`);
  }
}
