import type { MedusaRequest } from "@medusajs/framework/http";
import { SEQR_MODULE } from "../modules/seqr";
import { problem, type InvoiceRecord, type SeqrModuleService } from "../modules/seqr/contract";

/**
 * The invoice of the token in the request's path.
 *
 * @throws {MedusaError} SEQR_TOKEN when there is none
 */
export async function invoiceOfToken(
  req: MedusaRequest,
  kind: "shopper" | "notification",
): Promise<InvoiceRecord> {
  const seqr = req.scope.resolve<SeqrModuleService>(SEQR_MODULE);
  const invoice = await seqr.findByToken(kind, req.params["token"]);
  if (!invoice) throw problem("SEQR_TOKEN");
  return invoice;
}
