import { z } from "@medusajs/framework/zod";
import { NOTIFICATION_RESULTS } from "../../../../modules/seqr/public";
import { oneOrMore, oneOrMoreOf } from "../one-or-more";
import { Moment } from "../time-span";

/** Rows that one answer holds at most, and unless it is asked for another number. */
const MOST = 200;
const USUAL = 50;
/** How far one can page: what is older is found by its time. */
const FURTHEST = 10_000;

/** Each is read on its own. */
const MOST_TERMINALS = 20;

const Name = z.string().max(200);

/** `GET /admin/seqr/notifications` */
export const AdminGetSeqrNotificationsParams = z.object({
  limit: z.coerce.number().int().min(1).max(MOST).default(USUAL),
  offset: z.coerce.number().int().min(0).max(FURTHEST).default(0),
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
