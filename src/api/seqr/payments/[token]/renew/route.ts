import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../../modules/seqr";
import { paymentAddress } from "../../../../../modules/seqr/public";
import { restartPayment } from "../../../../../shopper/restart-payment";
import { invoiceOfToken } from "../../../../middlewares/find-invoice";
import { leadToPage, pageOfRequest, wantsPage } from "../../../../payment-page/payment-page";

/**
 * Gives a payable code for the same purchase: the data of its payment session, or its page. When the purchase is
 * paid, it gives the data or page of the payment.
 */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  const token = req.params["token"] ?? "";
  if (!wantsPage(req)) return void res.json(await restartPayment(req.scope, invoice, token));
  try {
    const renewed = await restartPayment(req.scope, invoice, token);
    leadToPage(req, res, paymentAddress(String(renewed["token"]), seqrOf(req.scope).options));
  } catch {
    // The page of the old code shows how that code ended.
    leadToPage(req, res, pageOfRequest(req), { notice: "notRenewed" });
  }
}
