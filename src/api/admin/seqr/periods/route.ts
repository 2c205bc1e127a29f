import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { booksTimeZone } from "../../../../books/export/export-books";
import { periodDetails, periodViews } from "../../../../books/period-view";
import { seqrError } from "../../../../errors/error-codes";
import type { AdminSeqrClosedPeriods, AdminSeqrPeriodList } from "../../../../http-types";
import { booksOf, closingOf, seqrOf } from "../../../../modules/seqr";
import type { PeriodRecord } from "../../../../modules/seqr/public";
import { periodSpan } from "../time-span";
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
  const span = periodSpan({ from, to }, timeZone);
  const { records, count } = await books.listPeriods({ ...filter, ...span }, { limit, offset });
  res.json({ periods: await periodViews(books, records), count, offset, limit });
}

/**
 * Closes SEQR's period of a terminal, or what the option `periods` says: the period of the shop, or that of each terminal. A job fetches
 * and compares their reports within seconds. Where one is not closed, the others are nevertheless, and the answer is its error.
 */
export async function POST(
  req: AuthenticatedMedusaRequest<AdminCloseSeqrPeriodType>,
  res: MedusaResponse<AdminSeqrClosedPeriods>,
): Promise<void> {
  const { force = false, ...query } = req.validatedBody;
  const { accounts, schedule } = closingOf(req.scope);
  const closed: PeriodRecord[] = [];
  const failures: unknown[] = [];
  for (const { account, terminal } of accounts.toClose(query, schedule?.scope ?? "shop")) {
    const { resellerId: reseller_id, endpoint } = account;
    const actor_id = req.auth_context.actor_id;
    const input = { reseller_id, endpoint, ...(terminal && { terminal: terminal.name }), force, actor_id };
    try {
      closed.push((await closeSeqrPeriodWorkflow(req.scope).run({ input })).result);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  const books = booksOf(req.scope);
  const periods = await Promise.all(closed.map(({ id }) => periodDetails(books, id)));
  const [period] = periods;
  if (!period) throw seqrError("SEQR_ACCOUNT_UNKNOWN");
  // Whether SEQR has closed a lost one is not known.
  res.status(closed.some(({ state }) => state === "lost") ? 202 : 201);
  res.json({ period, periods });
}
