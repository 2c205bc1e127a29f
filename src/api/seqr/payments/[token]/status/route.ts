import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../../modules/seqr";
import { shopperPayment } from "../../../../../shopper/shopper-payment";
import { invoiceOfToken } from "../../../../middlewares/find-invoice";
import { recordPageView } from "../../../../../modules/seqr/public";

/** The payment's state, from the ledger: SEQR is never asked because a browser asks. */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  await recordPageView(seqrOf(req.scope), invoice);
  res.json(await shopperPayment(req.scope, invoice));
}
