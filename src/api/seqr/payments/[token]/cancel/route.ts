import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { SEQR_MODULE } from "../../../../../modules/seqr";
import type { SeqrModuleService } from "../../../../../modules/seqr/contract";
import { settleSoon } from "../../../../../workflows/settle";
import { shopperPayment } from "../../../../../workflows/shopper-payment";
import { invoiceOfToken } from "../../../../invoice-of-token";

/** The shopper gives up: cancel at SEQR. When the phone was faster, the payment is taken over instead. */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const seqr = req.scope.resolve<SeqrModuleService>(SEQR_MODULE);
  const invoice = await invoiceOfToken(req, "shopper");
  if ((await seqr.cancelInvoice(invoice, "shopper")) === "paying")
    await settleSoon(req.scope, invoice, "cancellation");
  const current = (await seqr.find({ id: invoice.id })) ?? invoice;
  res.json(await shopperPayment(req.scope, current));
}
