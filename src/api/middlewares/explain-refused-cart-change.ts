import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { oneLine } from "../../errors/one-line";
import { seqrError } from "../../errors/error-codes";
import { restoreCart } from "../../medusa/restore-cart";
import { wasPurchaseKept } from "../../modules/seqr/public";

/**
 * Reports to the storefront why a cart change was refused, and restores the cart after core's roll-back. Core writes
 * the reason to its log only, and answers 500. The ledger shows whether SEQR was the reason: another provider may have
 * refused, or another error may have occurred.
 */
export function explainRefusedCartChange(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  // A completion reports the reason in its own answer.
  if (/\/complete\b/i.test(req.originalUrl)) return next();
  const since = seqrOf(req.scope).clock.now();
  const send = res.json.bind(res);
  res.json = (body: unknown) => {
    if (res.statusCode < 500) return send(body);
    const explain = async (): Promise<void> => {
      if (!(await isOurs(req, since, body))) return void send(body);
      const { code, type, message } = seqrError("SEQR_PAYMENT_IN_PROGRESS");
      res.status(409);
      send({ code, type, message });
    };
    void explain().catch((error: unknown) => {
      req.scope
        .resolve(ContainerRegistrationKeys.LOGGER)
        .warn(`seqr: a failed cart change could not be explained: ${oneLine(error)}`);
      send(body);
    });
    return res;
  };
  next();
}

/** Whether a request failed because its purchase is being paid, or was paid, with SEQR. */
async function isOurs(req: MedusaRequest, since: Date, answer: unknown): Promise<boolean> {
  const cartId = idAfter("carts", req);
  const purchaseId =
    cartId === undefined ? idAfter("payment-collections", req) : await purchaseOf(req, cartId);
  if (purchaseId !== undefined && (await wasPurchaseKept(seqrOf(req.scope), purchaseId, since))) {
    if (cartId !== undefined) await restored(req, cartId);
    return true;
  }
  const { code } = (answer ?? {}) as { code?: unknown };
  return cartId !== undefined && code === "unknown_error" && isWorkedOn(req, cartId);
}

/**
 * Whether another process holds the lease of the cart's invoice and may be placing its order. Core locks the cart then, and
 * refuses a request without a reason after two seconds.
 */
async function isWorkedOn(req: MedusaRequest, cartId: string): Promise<boolean> {
  const seqr = seqrOf(req.scope);
  const until = (await seqr.ledger.findLiveOfCart(cartId))?.lease_until;
  return until ? until > seqr.clock.now() : false;
}

async function restored(req: MedusaRequest, cartId: string): Promise<void> {
  try {
    await restoreCart(req.scope, cartId);
  } catch (error) {
    // The engine restores the cart again before it gives up an order.
    req.scope
      .resolve(ContainerRegistrationKeys.LOGGER)
      .warn(`seqr: cart ${cartId} could not be restored: ${oneLine(error)}`);
  }
}

/** Finds the payment collection of a cart. */
async function purchaseOf(req: MedusaRequest, cartId: string): Promise<string | undefined> {
  const query = req.scope.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "cart",
    fields: ["payment_collection.id"],
    filters: { id: cartId },
  });
  const [cart] = data as unknown as { payment_collection?: { id: string } | null }[];
  return cart?.payment_collection?.id;
}

function idAfter(collection: string, { originalUrl }: MedusaRequest): string | undefined {
  return new RegExp(`^/store/${collection}/([^/?]+)`, "i").exec(originalUrl)?.[1];
}
