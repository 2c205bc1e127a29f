import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../modules/seqr";
import { oneLine, problem, repeat, sleep, type InvoiceRecord } from "../modules/seqr/contract";
import { endCompletion } from "../workflows/confirm-order";
import { settleContext } from "../workflows/settle";

/** Tries to get hold of the invoice, and the milliseconds between them. */
const TRIES = 60;
const EVERY = 250;
/** Milliseconds between two renewals of the claim. */
const RENEW_EVERY = 3_000;

/**
 * A storefront completes a cart that is paid with SEQR: nobody else, on this server or another, settles it meanwhile.
 * Medusa's own lock on the cart is only as wide as the store's locking module, which by default is one process.
 */
export async function holdWhileCompleting(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const seqr = seqrOf(req.scope);
  const cartId = /^\/store\/carts\/([^/]+)\/complete/.exec(req.originalUrl)?.[1] ?? "";
  let live = await seqr.findLiveOfCart(cartId);
  let claimed: InvoiceRecord | undefined;
  for (let tries = 0; live && !(claimed = await seqr.claim(live)); tries++) {
    if (tries >= TRIES) return next(problem("SEQR_BUSY"));
    await sleep(seqr.clock, EVERY);
    live = await seqr.findLiveOfCart(cartId);
  }
  if (claimed) releaseAfter(req, res, claimed);
  next();
}

function releaseAfter(req: MedusaRequest, res: MedusaResponse, claimed: InvoiceRecord): void {
  const seqr = seqrOf(req.scope);
  const stop = repeat(seqr.clock, RENEW_EVERY, () => seqr.renew(claimed));
  res.once("close", () => {
    stop();
    endCompletion(settleContext(req.scope), claimed).catch((error: unknown) => {
      req.scope.resolve("logger").error(`seqr: invoice ${claimed.id} after a completion: ${oneLine(error)}`);
    });
  });
}
