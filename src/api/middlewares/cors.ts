import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/**
 * Allows pages of any origin to request a payment's status. The token authorizes the request, not a cookie, so this
 * reveals nothing.
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
