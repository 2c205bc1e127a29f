import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/** Removes the token from the address in Medusa's access log, where any reader of the log could use it to act for the shopper. */
export function redactToken(req: MedusaRequest, _res: MedusaResponse, next: MedusaNextFunction): void {
  req.originalUrl = req.originalUrl.replace(/\/(hooks\/seqr|seqr\/payments|seqr\/return)\/[^/?]+/i, "/$1/…");
  next();
}
