import { z } from "@medusajs/framework/zod";
import { REFUND_STATES } from "../../../../modules/seqr/public";
import { oneOrMoreOf } from "../one-or-more";
import { partOfList, SearchText } from "../part-of-list";
import { Moment } from "../time-span";

/** `GET /admin/seqr/refunds` */
export const AdminGetSeqrRefundsParams = z.object({
  ...partOfList,
  q: SearchText,
  state: oneOrMoreOf("state", REFUND_STATES),
  from: Moment.optional(),
  to: Moment.optional(),
});
export type AdminGetSeqrRefundsParamsType = z.infer<typeof AdminGetSeqrRefundsParams>;
