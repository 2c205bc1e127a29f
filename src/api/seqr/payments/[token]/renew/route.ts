import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../../modules/seqr";
import { paymentAddress } from "../../../../../modules/seqr/public";
import { restartSeqrPaymentWorkflow } from "../../../../../workflows/restart-payment";
import { invoiceOfToken } from "../../../../middlewares/find-invoice";
import { leadToPage, pageOfRequest, wantsPage } from "../../../../payment-page/payment-page";

/**
 * Gives a payable code for the same purchase: the data of its payment session, or its page. When the purchase is
 * paid, it gives the data or page of the payment.
 */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  const input = { invoice_id: invoice.id, token: req.params["token"] ?? "" };
  const restart = restartSeqrPaymentWorkflow(req.scope);
  if (!wantsPage(req)) return void res.json((await restart.run({ input })).result);
  try {
    const { result: data } = await restart.run({ input });
    leadToPage(req, res, paymentAddress(String(data["token"]), seqrOf(req.scope).options));
  } catch {
    // The page of the old code shows how that code ended.
    leadToPage(req, res, pageOfRequest(req), { notice: "notRenewed" });
  }
}
