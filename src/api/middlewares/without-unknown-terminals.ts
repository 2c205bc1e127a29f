import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { dropUnknownSessions } from "../../medusa/drop-unknown-sessions";
import { queryOf, readRows } from "../../medusa/queries";
import { seqrOf } from "../../modules/seqr";
import { isSeqrProvider, providerOf } from "../../modules/seqr/public";
import { seqrError } from "../../errors/error-codes";

/** Lets a shopper change a cart whose open code is of a terminal that the options name no longer. Core alone answers 500. */
export async function changeCartWithoutUnknownTerminals(
  req: MedusaRequest,
  _: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const [, id, isCompletion] = /^\/store\/carts\/([^/?]+)(\/complete\b)?/i.exec(req.originalUrl) ?? [];
  if (id === undefined || isCompletion) return next();
  const [cart] = await readRows<{ payment_collection?: { id: string } | null }>(queryOf(req.scope), {
    entity: "cart",
    fields: ["id", "payment_collection.id"],
    filters: { id },
  });
  if (cart?.payment_collection) await dropUnknownSessions(req.scope, cart.payment_collection.id);
  next();
}

/**
 * Lets a shopper choose another payment method after a code of a terminal that the options name no longer.
 *
 * @throws {MedusaError} SEQR_TERMINAL_UNKNOWN when that terminal itself is chosen: core has no provider that could say so
 */
export async function startWithoutUnknownTerminals(
  req: MedusaRequest,
  _: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { provider_id } = (req.body ?? {}) as { provider_id?: unknown };
  const { all } = seqrOf(req.scope).terminals;
  if (typeof provider_id === "string" && isSeqrProvider(provider_id)) {
    const isKnown = all.some((terminal) => providerOf(terminal) === provider_id);
    if (!isKnown) throw seqrError("SEQR_TERMINAL_UNKNOWN", `The payment provider is ${provider_id}.`);
  }
  await dropUnknownSessions(req.scope, req.params["id"] ?? "");
  next();
}
