import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../../modules/seqr";
import { whyNotCanceled } from "../../../../../payment-view/view-state";
import { processPaymentAndWaitIn } from "../../../../../medusa/processing-context";
import { shopperPayment } from "../../../../../shopper/shopper-payment";
import { invoiceOfToken } from "../../../../middlewares/find-invoice";
import { leadToPage, pageOfRequest, wantsPage } from "../../../../payment-page/payment-page";
import { cancelInvoice, currentInvoice } from "../../../../../modules/seqr/public";

/** The shopper gives up: cancel at SEQR. When the phone was faster, the payment is taken over instead. */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const seqr = seqrOf(req.scope);
  const invoice = invoiceOfToken(req);
  const outcome = await cancelInvoice(seqr, invoice, "shopper");
  if (outcome === "paying") await processPaymentAndWaitIn(req.scope, invoice, "cancellation");
  const payment = await shopperPayment(req.scope, await currentInvoice(seqr, invoice));
  if (!wantsPage(req)) return void res.json(payment);
  leadToPage(req, res, pageOfRequest(req), { notice: whyNotCanceled(payment.status) });
}
