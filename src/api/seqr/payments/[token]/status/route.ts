import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { SEQR_MODULE } from "../../../../../modules/seqr";
import type { SeqrModuleService } from "../../../../../modules/seqr/contract";
import { shopperPayment } from "../../../../../workflows/shopper-payment";
import { invoiceOfToken } from "../../../../invoice-of-token";

/** The payment's state, from the ledger: SEQR is never asked because a browser asks. */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = await invoiceOfToken(req, "shopper");
  await req.scope.resolve<SeqrModuleService>(SEQR_MODULE).viewed(invoice);
  res.json(await shopperPayment(req.scope, invoice));
}
