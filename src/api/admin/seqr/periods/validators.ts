import { z } from "@medusajs/framework/zod";
import { CAUSES, ITEM_CLASSES, PERIOD_STATES } from "../../../../modules/seqr/public";
import { oneOrMoreOf } from "../one-or-more";
import { Name, partOfList } from "../part-of-list";
import { Moment } from "../time-span";

/** These lists are counted, and can be paged through to their end. */
const page = { ...partOfList, offset: z.coerce.number().int().min(0).max(1_000_000_000).default(0) };

/** `GET /admin/seqr/periods` */
export const AdminGetSeqrPeriodsParams = z.object({
  ...page,
  state: oneOrMoreOf("state", PERIOD_STATES),
  reseller_id: Name.optional(),
  terminal: Name.optional(),
  from: Moment.optional(),
  to: Moment.optional(),
});
export type AdminGetSeqrPeriodsParamsType = z.infer<typeof AdminGetSeqrPeriodsParams>;

/** `GET /admin/seqr/periods/:id/items` */
export const AdminGetSeqrPeriodItemsParams = z.object({
  ...page,
  class: oneOrMoreOf("class", ITEM_CLASSES),
  cause: oneOrMoreOf("cause", CAUSES),
  is_open: z.enum(["true", "false"]).optional(),
});
export type AdminGetSeqrPeriodItemsParamsType = z.infer<typeof AdminGetSeqrPeriodItemsParams>;

/** `POST /admin/seqr/periods` */
export const AdminCloseSeqrPeriod = z.object({
  reseller_id: Name.optional(),
  endpoint: z.string().max(2_000).optional(),
  terminal: Name.optional(),
  force: z.boolean().optional(),
});
export type AdminCloseSeqrPeriodType = z.infer<typeof AdminCloseSeqrPeriod>;

/** `POST /admin/seqr/periods/:id/retry` */
export const AdminRetrySeqrPeriod = z.object({
  transaction_period_id: z
    .string()
    .regex(/^\S{1,64}$/, "must be SEQR's id of the period")
    .optional(),
});
export type AdminRetrySeqrPeriodType = z.infer<typeof AdminRetrySeqrPeriod>;
