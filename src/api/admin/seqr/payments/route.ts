import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { AdminSeqrPaymentList } from "../../../../http-types";
import { seqrOf } from "../../../../modules/seqr";
import { listPayments } from "../../../../payments/list-payments";
import { paymentsContext } from "../../../../payments/payments-context";
import { paymentsWanted } from "./payments-wanted";
import type { AdminGetSeqrPaymentsParamsType } from "./validators";

/** Lists payments, with or without an order: those that a reference finds, or all. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrPaymentsParamsType>,
  res: MedusaResponse<AdminSeqrPaymentList>,
): Promise<void> {
  const query = req.validatedQuery as AdminGetSeqrPaymentsParamsType;
  const wanted = paymentsWanted(query, seqrOf(req.scope));
  res.json(await listPayments(paymentsContext(req.scope), wanted, query));
}
