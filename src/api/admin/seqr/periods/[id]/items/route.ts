import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { itemView, requiredPeriod } from "../../../../../../books/period-view";
import type { AdminSeqrReconciliationItemList } from "../../../../../../http-types";
import { booksOf } from "../../../../../../modules/seqr";
import type { AdminGetSeqrPeriodItemsParamsType } from "../../validators";

/** Lists what the reconciliation of a period says of each transaction, in the order of SEQR's report. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrPeriodItemsParamsType>,
  res: MedusaResponse<AdminSeqrReconciliationItemList>,
): Promise<void> {
  const { limit, offset, is_open, ...filter } = req.validatedQuery as AdminGetSeqrPeriodItemsParamsType;
  const books = booksOf(req.scope);
  const { id } = await requiredPeriod(books, req.params["id"] ?? "");
  const open = is_open === undefined ? {} : { is_open: is_open === "true" };
  const { records, count } = await books.listItems(id, { ...filter, ...open }, { limit, offset });
  res.json({ items: records.map(itemView), count, offset, limit });
}
