import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../modules/seqr";
import { shopperSession } from "../../../../shopper/shopper-session";
import { invoiceOfToken } from "../../../middlewares/find-invoice";
import { sendPage, wantsPage } from "../../../payment-page/payment-page";
import { recordPageView } from "../../../../modules/seqr/public";

/** Serves the payment's page; as JSON, the data that a payment view needs. */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  await recordPageView(seqrOf(req.scope), invoice);
  if (wantsPage(req)) await sendPage(req, res, invoice);
  else res.json(await shopperSession(req.scope, invoice, req.params["token"] ?? ""));
}
