import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { AdminSeqrPaymentResponse } from "../../../../../http-types";
import { paymentDetails } from "../../../../../payments/payment-details";
import { paymentsContext } from "../../../../../payments/payments-context";

/** Gives a payment with everything that happened to it. */
export async function GET(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrPaymentResponse>,
): Promise<void> {
  res.json({ payment: await paymentDetails(paymentsContext(req.scope), req.params["id"] ?? "") });
}
