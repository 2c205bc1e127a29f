import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/** What the links of `src/links` add to Medusa's entities. */
const LINKED = ["seqr_invoice", "seqr_invoices", "seqr_refund", "seqr_refunds"];

/** Keeps the ledger out of the storefront's API: `fields` cannot ask for it there. Staff can. */
export function hideLedger(req: MedusaRequest, _res: MedusaResponse, next: MedusaNextFunction): void {
  req.restrictedFields?.add(LINKED);
  next();
}
