import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { HARMLESS_TOKEN } from "../../health/backend-url";
import { notificationLogOf, seqrOf } from "../../modules/seqr";
import { seqrError, ERROR_CODES } from "../../errors/error-codes";
import { findByTokenHashes, type InvoiceRecord, type OperationContext } from "../../modules/seqr/public";
import { sendMissingPage, wantsPage } from "../payment-page/payment-page";
import { TokenGate, type PublicRoute, type TokenLookup } from "../token-gate/token-gate";

/** One token gate for all routes of this process, because its counts belong together. */
let entrance: TokenGate | undefined;

const found = new WeakMap<MedusaRequest, InvoiceRecord>();

/**
 * Creates a middleware that finds the invoice of the token in the path, within the token gate's limits. A request that it passes on
 * has an invoice. Above the limits it answers SEQR_TOO_MANY_REQUESTS.
 *
 * @throws {MedusaError} SEQR_TOKEN when no invoice has the token
 */
export function findInvoice(route: PublicRoute) {
  return async (req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): Promise<void> => {
    entrance ??= new TokenGate(tokenLookup(seqrOf(req.scope)));
    const token = req.params["token"];
    const admission = await entrance.admit({ route, token, address: req.ip ?? "" });
    if ("retryAfter" in admission) return sendTooMany(res, admission.retryAfter);
    if (!admission.invoice) {
      if (route === "notification" && token !== HARMLESS_TOKEN) notificationLogOf(req.scope).recordStranger();
      if (route !== "page" || !wantsPage(req)) throw seqrError("SEQR_TOKEN");
      return sendMissingPage(req, res);
    }
    found.set(req, admission.invoice);
    next();
  };
}

function tokenLookup(seqr: OperationContext): TokenLookup {
  return { findByTokenHashes: (kind, hashes) => findByTokenHashes(seqr, kind, hashes) };
}

/** Answers SEQR_TOO_MANY_REQUESTS. @param retryAfter seconds */
export function sendTooMany(res: MedusaResponse, retryAfter: number): void {
  const { type, cause, cure } = ERROR_CODES.SEQR_TOO_MANY_REQUESTS;
  res.setHeader("Retry-After", String(retryAfter));
  res.status(429).json({ code: "SEQR_TOO_MANY_REQUESTS", type, message: `${cause} ${cure}` });
}

/**
 * Finds the invoice of the token in the request's path.
 *
 * @throws {MedusaError} SEQR_TOKEN when there is none
 */
export function invoiceOfToken(req: MedusaRequest): InvoiceRecord {
  const invoice = found.get(req);
  if (!invoice) throw seqrError("SEQR_TOKEN");
  return invoice;
}

/** Releases the invoice that was kept for the request. */
export function forgetInvoice(req: MedusaRequest): void {
  found.delete(req);
}
