import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { seqrError, ERROR_CODES } from "../../errors/error-codes";
import { findByTokenHashes, type InvoiceRecord, type OperationContext } from "../../modules/seqr/public";
import { sendMissingPage, wantsPage } from "../payment-page/payment-page";
import { TokenGate, type PublicRoute, type TokenLookup } from "../token-gate/token-gate";

/** One for all routes of this process: its counts belong together. */
let entrance: TokenGate | undefined;

const found = new WeakMap<MedusaRequest, InvoiceRecord>();

/**
 * A middleware that looks the token of the path up, within the limits of the entrance. A request that it lets through
 * has an invoice.
 *
 * @throws {MedusaError} SEQR_TOKEN when nobody has the token; answers SEQR_TOO_MANY_REQUESTS by itself
 */
export function findInvoice(route: PublicRoute) {
  return async (req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): Promise<void> => {
    entrance ??= new TokenGate(tokenLookup(seqrOf(req.scope)));
    const admission = await entrance.admit({ route, token: req.params["token"], address: req.ip ?? "" });
    if ("retryAfter" in admission) return sendTooMany(res, admission.retryAfter);
    if (!admission.invoice) {
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
 * The invoice of the token in the request's path.
 *
 * @throws {MedusaError} SEQR_TOKEN when there is none
 */
export function invoiceOfToken(req: MedusaRequest): InvoiceRecord {
  const invoice = found.get(req);
  if (!invoice) throw seqrError("SEQR_TOKEN");
  return invoice;
}

/** The request needs its invoice no longer. */
export function forgetInvoice(req: MedusaRequest): void {
  found.delete(req);
}
