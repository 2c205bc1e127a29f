import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { AdminSeqrPaymentResponse } from "../../../../../../http-types";
import { paymentDetails } from "../../../../../../payments/payment-details";
import { paymentsContext } from "../../../../../../payments/payments-context";
import { processSeqrPaymentWorkflow } from "../../../../../../workflows/process-payment";

/** Processes a payment now: SEQR is polled where its answer can change the payment. Gives the payment afterwards. */
export async function POST(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrPaymentResponse>,
): Promise<void> {
  const context = paymentsContext(req.scope);
  const { id } = await paymentDetails(context, req.params["id"] ?? "");
  await processSeqrPaymentWorkflow(req.scope).run({ input: { invoice_id: id, source: "staff" } });
  res.json({ payment: await paymentDetails(context, id) });
}
