import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../modules/seqr";
import { settleSoon } from "../../../../workflows/settle";
import { shopperPayment } from "../../../../workflows/shopper-payment";
import { invoiceOfToken } from "../../../invoice-of-token";
import { leadToPage, pageOfRequest } from "../../../payment-page";

/**
 * Where the app leads the phone's browser after paying and after cancelling alike (PROTOCOL 5.2): settle first, then
 * go on to the storefront's page, or to the payment's own.
 */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const seqr = seqrOf(req.scope);
  const invoice = await settleSoon(req.scope, invoiceOfToken(req), "return");
  const payment = await shopperPayment(req.scope, invoice);
  const { returnUrl } = seqr.settings;
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Referrer-Policy", "no-referrer");
  if (returnUrl === undefined) return leadToPage(req, res, pageOfRequest(req));
  const target = new URL(returnUrl);
  target.searchParams.set("seqr_status", payment.status);
  if (payment.order) target.searchParams.set("order_id", payment.order.id);
  res.redirect(303, target.toString());
}
