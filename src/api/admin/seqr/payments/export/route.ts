import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../../modules/seqr";
import { exportPayments } from "../../../../../payments/export-payments";
import { paymentsContext } from "../../../../../payments/payments-context";
import { sendFile } from "../../send-file";
import { paymentsWanted } from "../payments-wanted";
import type { AdminGetSeqrPaymentsExportParamsType } from "../validators";

/** Sends all payments of a list as a file. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrPaymentsExportParamsType>,
  res: MedusaResponse,
): Promise<void> {
  const query = req.validatedQuery as AdminGetSeqrPaymentsExportParamsType;
  const wanted = paymentsWanted(query, seqrOf(req.scope));
  await sendFile(res, {
    name: "seqr-payments.csv",
    type: "text/csv; charset=utf-8; header=present",
    pieces: exportPayments(paymentsContext(req.scope), wanted),
  });
}
