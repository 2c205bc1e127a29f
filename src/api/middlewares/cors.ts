import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/**
 * Lets pages of any origin ask for a payment's state: what protects it is the token, not a cookie, so nothing is given
 * away by it.
 */
export function cors(req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): void {
  res.setHeader("Access-Control-Allow-Origin", "*");
  res.setHeader("Access-Control-Allow-Methods", "GET, POST");
  res.setHeader("Access-Control-Allow-Headers", "Content-Type");
  res.setHeader("Access-Control-Expose-Headers", "Retry-After");
  res.setHeader("Cache-Control", "no-store");
  if (req.method === "OPTIONS") res.status(204).end();
  else next();
}
