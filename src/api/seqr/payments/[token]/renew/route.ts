import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { renewPayment } from "../../../../../workflows/renew-payment";
import { invoiceOfToken } from "../../../../invoice-of-token";
import { pageOfToken, wantsPage } from "../../../../payment-page";

/** A code that can be paid, for the same purchase: the data of its payment session, or the page that shows it. */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  if (!wantsPage(req)) return void res.json(await renewPayment(req.scope, invoice));
  try {
    const { token } = await renewPayment(req.scope, invoice);
    res.redirect(303, pageOfToken(req, String(token)));
  } catch {
    // The page of the old code says how that one ended.
    res.redirect(303, pageOfToken(req, req.params["token"] ?? "", "notRenewed"));
  }
}
