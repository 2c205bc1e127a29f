import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { booksTimeZone } from "../../../../books/export/export-books";
import type { AdminSeqrRefundList } from "../../../../http-types";
import { seqrOf } from "../../../../modules/seqr";
import { listRefunds } from "../../../../payments/list-refunds";
import { paymentsContext } from "../../../../payments/payments-context";
import { spanFrom, spanTo } from "../time-span";
import type { AdminGetSeqrRefundsParamsType } from "./validators";

/** Lists refunds: those of unknown outcome first, then the newest. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrRefundsParamsType>,
  res: MedusaResponse<AdminSeqrRefundList>,
): Promise<void> {
  const { limit, offset, q, state, from, to } = req.validatedQuery as AdminGetSeqrRefundsParamsType;
  const timeZone = booksTimeZone(seqrOf(req.scope).options);
  const wanted = { q, state, from: spanFrom(from, timeZone), to: spanTo(to, timeZone) };
  res.json(await listRefunds(paymentsContext(req.scope), wanted, { limit, offset }));
}
