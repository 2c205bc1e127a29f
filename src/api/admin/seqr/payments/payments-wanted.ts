import { booksTimeZone } from "../../../../books/export/export-books";
import type { OperationContext } from "../../../../modules/seqr/public";
import type { PaymentsWanted } from "../../../../payments/list-payments";
import { spanFrom, spanTo } from "../time-span";
import type { AdminGetSeqrPaymentsExportParamsType } from "./validators";

/** What a query of the list or of its export asks for. */
export function paymentsWanted(
  query: AdminGetSeqrPaymentsExportParamsType,
  { options }: Pick<OperationContext, "options">,
): PaymentsWanted {
  const { q, state, terminal, currency_code, from, to, has_problem, order } = query;
  const timeZone = booksTimeZone(options);
  return {
    ...{ q, state, terminal, currency_code: currency_code?.map((code) => code.toUpperCase()) },
    ...{ from: spanFrom(from, timeZone), to: spanTo(to, timeZone) },
    has_problem: has_problem === undefined ? undefined : has_problem === "true",
    direction: order === "created_at" ? "oldest" : "newest",
  };
}
