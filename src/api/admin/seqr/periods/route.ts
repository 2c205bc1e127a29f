import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { booksTimeZone } from "../../../../books/export/export-books";
import { periodViews } from "../../../../books/period-view";
import type { AdminSeqrPeriodList } from "../../../../http-types";
import { booksOf, seqrOf } from "../../../../modules/seqr";
import { spanFrom, spanTo } from "../time-span";
import type { AdminGetSeqrPeriodsParamsType } from "./validators";

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
