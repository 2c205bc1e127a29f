import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { periodDetails } from "../../../../../books/period-view";
import type { AdminSeqrPeriodResponse } from "../../../../../http-types";
import { booksOf } from "../../../../../modules/seqr";

/** Gives a period with what it comes to and its reports. */
export async function GET(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrPeriodResponse>,
): Promise<void> {
  res.json({ period: await periodDetails(booksOf(req.scope), req.params["id"] ?? "") });
}
