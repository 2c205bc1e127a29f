import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/** Medusa's access log writes the whole address; a token in it would let any reader of the log act for the shopper. */
export function redactToken(req: MedusaRequest, _res: MedusaResponse, next: MedusaNextFunction): void {
  req.originalUrl = req.originalUrl.replace(/\/(hooks\/seqr|seqr\/payments|seqr\/return)\/[^/?]+/i, "/$1/…");
  next();
}
