import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { booksTimeZone } from "../../../../books/export/export-books";
import { notificationViews } from "../../../../health/notification-view";
import type { AdminSeqrNotificationList } from "../../../../http-types";
import { queryOf } from "../../../../medusa/queries";
import { notificationsOf, seqrOf } from "../../../../modules/seqr";
import { spanFrom, spanTo } from "../time-span";
import type { AdminGetSeqrNotificationsParamsType } from "./validators";

/** How many are counted. */
const MOST_COUNTED = 1_000;

/** Lists the requests to the address for SEQR's notifications, newest first. */
export async function GET(
  req: AuthenticatedMedusaRequest<unknown, AdminGetSeqrNotificationsParamsType>,
  res: MedusaResponse<AdminSeqrNotificationList>,
): Promise<void> {
  const { limit, offset, from, to, ...filter } = req.validatedQuery as AdminGetSeqrNotificationsParamsType;
  const timeZone = booksTimeZone(seqrOf(req.scope).options);
  const span = { from: spanFrom(from, timeZone), to: spanTo(to, timeZone) };
  const { records, count, has_more } = await notificationsOf(req.scope).list(
    { ...filter, ...span },
    { limit, offset, most: MOST_COUNTED },
  );
  const notifications = await notificationViews(queryOf(req.scope), records);
  res.json({ notifications, count, offset, limit, has_more });
}
