import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../../modules/seqr";
import { whyNotCanceled } from "../../../../../payment-view/view-state";
import { shopperPayment } from "../../../../../shopper/shopper-payment";
import { cancelSeqrPaymentWorkflow } from "../../../../../workflows/cancel-payment";
import { invoiceOfToken } from "../../../../middlewares/find-invoice";
import { leadToPage, pageOfRequest, wantsPage } from "../../../../payment-page/payment-page";
import { currentInvoice } from "../../../../../modules/seqr/public";

/** Cancels the invoice at SEQR for the shopper. If the shopper has paid meanwhile, the payment is processed instead. */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  const input = { invoice_id: invoice.id, reason: "shopper" as const };
  await cancelSeqrPaymentWorkflow(req.scope).run({ input });
  const payment = await shopperPayment(req.scope, await currentInvoice(seqrOf(req.scope), invoice));
  if (!wantsPage(req)) return void res.json(payment);
  leadToPage(req, res, pageOfRequest(req), { notice: whyNotCanceled(payment.status) });
}
