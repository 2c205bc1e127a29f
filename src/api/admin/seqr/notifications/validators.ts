import { z } from "@medusajs/framework/zod";
import { NOTIFICATION_RESULTS } from "../../../../modules/seqr/public";
import { oneOrMore, oneOrMoreOf } from "../one-or-more";
import { Name, partOfList } from "../part-of-list";
import { Moment } from "../time-span";

/** Each is read on its own. */
const MOST_TERMINALS = 20;

/** `GET /admin/seqr/notifications` */
export const AdminGetSeqrNotificationsParams = z.object({
  ...partOfList,
  result: oneOrMoreOf("result", NOTIFICATION_RESULTS),
  terminal: oneOrMore(Name).refine(
    (names) => (names?.length ?? 0) <= MOST_TERMINALS,
    `must be ${MOST_TERMINALS} terminals at most`,
  ),
  invoice_id: Name.optional(),
  from: Moment.optional(),
  to: Moment.optional(),
});
export type AdminGetSeqrNotificationsParamsType = z.infer<typeof AdminGetSeqrNotificationsParams>;
