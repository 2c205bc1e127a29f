import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../modules/seqr";
import { oneLine, PROBLEMS } from "../modules/seqr/contract";
import { restoreCart } from "../workflows/restore-cart";

interface Answer {
  code?: unknown;
  message?: unknown;
}

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
    if (res.statusCode < 500) return send(body);
    const { code, message } = (typeof body === "object" && body !== null ? body : {}) as Answer;
    const explain = (): void => {
      const { type, cause, cure } = PROBLEMS.SEQR_PAYMENT_IN_PROGRESS;
      res.status(409);
      send({ code: "SEQR_PAYMENT_IN_PROGRESS", type, message: `${cause} ${cure}` });
    };
    if (message === CORE_SAYS) void restored(req).finally(explain);
    else if (code !== "unknown_error") return send(body);
    else void isWorkedOn(req).then((is) => (is ? explain() : send(body)));
    return res;
  };
  next();
}

/**
 * Whether somebody else works on the cart's payment, and places its order perhaps: core holds the cart then, and who has
 * waited for two seconds is refused without a reason.
 */
async function isWorkedOn(req: MedusaRequest): Promise<boolean> {
  if (/\/complete\b/i.test(req.originalUrl)) return false;
  const seqr = seqrOf(req.scope);
  const invoice = await seqr.findLiveOfCart(cartOf(req) ?? "").catch(() => undefined);
  const until = invoice?.lease_until;
  return until ? until > seqr.now() : false;
}

async function restored(req: MedusaRequest): Promise<void> {
  const cartId = cartOf(req);
  if (cartId === undefined) return;
  try {
    await restoreCart(req.scope, cartId);
  } catch (error) {
    // The settlement does it again before it gives an order up.
    req.scope
      .resolve(ContainerRegistrationKeys.LOGGER)
      .warn(`seqr: cart ${cartId} could not be put right: ${oneLine(error)}`);
  }
}

function cartOf({ originalUrl }: MedusaRequest): string | undefined {
  return /^\/store\/carts\/([^/?]+)/i.exec(originalUrl)?.[1];
}
