import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { booksTimeZone, exportBooks } from "../../../../../books/export/export-books";
import { queryOf } from "../../../../../medusa/queries";
import type { PeriodRecord } from "../../../../../modules/seqr/public";
import { booksOf, seqrOf } from "../../../../../modules/seqr";
import { sendFile } from "../../send-file";
import { periodSpan } from "../../time-span";
import type { AdminGetSeqrBooksExportParamsType } from "../validators";

/** The header that names the periods of a span that the file does not have. */
const LEFT_OUT = "x-seqr-left-out";
const MOST_NAMED = 50;

/** Sends the books of a period or of a time span as a file. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrBooksExportParamsType>,
  res: MedusaResponse,
): Promise<void> {
  const { period_id, from, to, format, content } = req.validatedQuery as AdminGetSeqrBooksExportParamsType;
  const seqr = seqrOf(req.scope);
  const timeZone = booksTimeZone(seqr.options);
  const of = period_id === undefined ? periodSpan({ from, to }, timeZone) : { periodId: period_id };
  const context = { ...seqr, books: booksOf(req.scope), query: queryOf(req.scope) };
  const { leftOut, ...file } = await exportBooks(context, { format, content, of });
  if (leftOut.length > 0) res.set(LEFT_OUT, leftOutHeader(leftOut));
  await sendFile(res, file);
}

/** As many as fit into a header that every client takes, and how many more there are. */
function leftOutHeader(periods: readonly PeriodRecord[]): string {
  const named = periods.slice(0, MOST_NAMED).map(({ id, state }) => `${id} ${state}`);
  const others = periods.length - named.length;
  return [...named, ...(others > 0 ? [`and ${others} more`] : [])].join(", ");
}
