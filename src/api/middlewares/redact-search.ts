import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/** The parameter `q` in an address, also where it is written as a list or an object. */
const SEARCH = /([?&]q(?:\[|%5B)?[^=&]*=)[^&]*/gi;

/** Removes what is searched for from the address in Medusa's access log: it may be a shopper's e-mail. */
export function redactSearch(req: MedusaRequest, _res: MedusaResponse, next: MedusaNextFunction): void {
  req.originalUrl = req.originalUrl.replace(SEARCH, "$1…");
  next();
}
