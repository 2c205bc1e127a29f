import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { periodDetails } from "../../../../../../books/period-view";
import type { AdminSeqrPeriodResponse } from "../../../../../../http-types";
import { booksOf } from "../../../../../../modules/seqr";
import { retrySeqrPeriodWorkflow } from "../../../../../../workflows/retry-period";
import type { AdminRetrySeqrPeriodType } from "../../validators";

/** Has the reports on a period fetched and compared again, which a job does within seconds. */
export async function POST(
  req: AuthenticatedMedusaRequest<AdminRetrySeqrPeriodType>,
  res: MedusaResponse<AdminSeqrPeriodResponse>,
): Promise<void> {
  const { transaction_period_id } = req.validatedBody;
  const { result } = await retrySeqrPeriodWorkflow(req.scope).run({
    input: {
      id: req.params["id"] ?? "",
      actor_id: req.auth_context.actor_id,
      ...(transaction_period_id !== undefined && { transaction_period_id }),
    },
  });
  res.status(202).json({ period: await periodDetails(booksOf(req.scope), result.id) });
}
