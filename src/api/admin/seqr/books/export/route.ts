import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { booksTimeZone, exportBooks } from "../../../../../books/export/export-books";
import { queryOf } from "../../../../../medusa/queries";
import { booksOf, seqrOf } from "../../../../../modules/seqr";
import { sendFile } from "../../send-file";
import { spanFrom, spanTo } from "../../time-span";
import type { AdminGetSeqrBooksExportParamsType } from "../validators";

/** Sends the books of a period or of a time span as a file. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrBooksExportParamsType>,
  res: MedusaResponse,
): Promise<void> {
  const { period_id, from, to, format, content } = req.validatedQuery as AdminGetSeqrBooksExportParamsType;
  const seqr = seqrOf(req.scope);
  const timeZone = booksTimeZone(seqr.options);
  const of =
    period_id === undefined
      ? { from: spanFrom(from, timeZone), to: spanTo(to, timeZone) }
      : { periodId: period_id };
  const context = { ...seqr, books: booksOf(req.scope), query: queryOf(req.scope) };
  await sendFile(res, exportBooks(context, { format, content, of }));
}
