import { Readable } from "node:stream";
import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { requiredReport } from "../../../../../../../books/period-view";
import { booksOf } from "../../../../../../../modules/seqr";
import { sendFile } from "../../../../send-file";

/**
 * Gives a report of SEQR as it came. SEQR says that it is HTML: a browser must not show it as that on the admin's own address, so
 * it is a plain text to be downloaded.
 */
export async function GET(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const { id = "", report_id = "" } = req.params;
  const report = await requiredReport(booksOf(req.scope), id, report_id);
  const extension = report.content.trimStart().startsWith("<") ? "xml" : "txt";
  await sendFile(res, {
    name: `seqr-report-${report.id}.${extension}`,
    type: "text/plain; charset=utf-8",
    pieces: Readable.from([report.content]),
  });
}
