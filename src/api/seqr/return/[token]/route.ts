import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../modules/seqr";
import { currentInvoice } from "../../../../modules/seqr/public";
import { hasPlaceholders } from "../../../../options/return-url";
import { isEnd } from "../../../../payment-view/view-state";
import { shopperPayment } from "../../../../shopper/shopper-payment";
import { returnUrlOf } from "../../../../shopper/return-to-shop";
import { processSeqrPaymentWorkflow } from "../../../../workflows/process-payment";
import { invoiceOfToken } from "../../../middlewares/find-invoice";
import { leadToPage, leadToShop, pageOfRequest } from "../../../payment-page/payment-page";

/**
 * Receives the phone's browser from the app, after a payment and after a cancellation alike (PROTOCOL 5.2). It processes the
 * payment, then redirects to the storefront's page or to the payment's own. It redirects to an address with placeholders
 * when the payment has a result; until then the payment's own page waits. With `?to=shop` it always redirects to the shop.
 */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  const input = { invoice_id: invoice.id, source: "browser" as const };
  await processSeqrPaymentWorkflow(req.scope).run({ input });
  const seqr = seqrOf(req.scope);
  const payment = await shopperPayment(req.scope, await currentInvoice(seqr, invoice));
  const { returnUrl } = seqr.terminals.shownBy(invoice);
  const leaves = req.query["to"] === "shop";
  if (returnUrl !== undefined && (leaves || isEnd(payment.status) || !hasPlaceholders(returnUrl))) {
    const address =
      (await returnUrlOf(req.scope, returnUrl, payment)) ?? (leaves ? new URL(returnUrl).origin : undefined);
    if (address !== undefined) return leadToShop(res, address);
  }
  leadToPage(req, res, pageOfRequest(req), { isFromApp: returnUrl !== undefined });
}
