import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../../modules/seqr";
import { shopperPayment } from "../../../../../shopper/shopper-payment";
import { invoiceOfToken } from "../../../../middlewares/find-invoice";
import { recordPageView } from "../../../../../modules/seqr/public";

/** Gives the payment's status from the ledger. A browser's request never causes a request to SEQR. */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  await recordPageView(seqrOf(req.scope), invoice);
  res.json(await shopperPayment(req.scope, invoice));
}
