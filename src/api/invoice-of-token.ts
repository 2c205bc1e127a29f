import type { MedusaRequest } from "@medusajs/framework/http";
import { seqrOf } from "../modules/seqr";
import { problem, type InvoiceRecord } from "../modules/seqr/contract";

/**
 * The invoice of the token in the request's path.
 *
 * @throws {MedusaError} SEQR_TOKEN when there is none
 */
export async function invoiceOfToken(
  req: MedusaRequest,
  kind: "shopper" | "notification",
): Promise<InvoiceRecord> {
  const invoice = await seqrOf(req.scope).findByToken(kind, req.params["token"]);
  if (!invoice) throw problem("SEQR_TOKEN");
  return invoice;
}
