import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { booksTimeZone } from "../../../../books/export/export-books";
import { periodDetails, periodViews } from "../../../../books/period-view";
import type { AdminSeqrPeriodList, AdminSeqrPeriodResponse } from "../../../../http-types";
import { booksOf, seqrOf } from "../../../../modules/seqr";
import { spanFrom, spanTo } from "../time-span";
import { closeSeqrPeriodWorkflow } from "../../../../workflows/close-period";
import type { AdminCloseSeqrPeriodType, AdminGetSeqrPeriodsParamsType } from "./validators";

/** Lists the transaction periods of SEQR that the plugin closed, newest first. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrPeriodsParamsType>,
  res: MedusaResponse<AdminSeqrPeriodList>,
): Promise<void> {
  const { limit, offset, from, to, ...filter } = req.validatedQuery as AdminGetSeqrPeriodsParamsType;
  const books = booksOf(req.scope);
  const timeZone = booksTimeZone(seqrOf(req.scope).options);
  const span = { from: spanFrom(from, timeZone), to: spanTo(to, timeZone) };
  const { records, count } = await books.listPeriods({ ...filter, ...span }, { limit, offset });
  res.json({ periods: await periodViews(books, records), count, offset, limit });
}

/** Closes SEQR's period of a shop or of a terminal. A job fetches and compares its reports within seconds. */
export async function POST(
  req: AuthenticatedMedusaRequest<AdminCloseSeqrPeriodType>,
  res: MedusaResponse<AdminSeqrPeriodResponse>,
): Promise<void> {
  const input = { ...req.validatedBody, actor_id: req.auth_context.actor_id };
  const { result } = await closeSeqrPeriodWorkflow(req.scope).run({ input });
  // Whether SEQR has closed a lost one is not known.
  res.status(result.state === "lost" ? 202 : 201);
  res.json({ period: await periodDetails(booksOf(req.scope), result.id) });
}
