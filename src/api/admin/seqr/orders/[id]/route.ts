import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { paymentsOfOrder } from "../../../../../medusa/order-payments";

/** The SEQR payments of an order, with their refunds, as the ledger has them. */
export async function GET(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  res.json({ payments: await paymentsOfOrder(req.scope, req.params["id"] ?? "") });
}
