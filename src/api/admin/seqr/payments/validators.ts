import { z } from "@medusajs/framework/zod";
import { INVOICE_STATES } from "../../../../modules/seqr/public";
import { oneOrMore, oneOrMoreOf } from "../one-or-more";
import { Name, partOfList, SearchText } from "../part-of-list";
import { Moment } from "../time-span";

const filters = {
  q: SearchText,
  state: oneOrMoreOf("state", INVOICE_STATES),
  terminal: oneOrMore(Name),
  currency_code: oneOrMore(z.string().regex(/^[A-Za-z]{3}$/, "must be a currency, such as SEK")),
  from: Moment.optional(),
  to: Moment.optional(),
  has_problem: z.enum(["true", "false"]).optional(),
  order: z.enum(["created_at", "-created_at"]).default("-created_at"),
};

/** `GET /admin/seqr/payments` */
export const AdminGetSeqrPaymentsParams = z.object({ ...partOfList, ...filters });
export type AdminGetSeqrPaymentsParamsType = z.infer<typeof AdminGetSeqrPaymentsParams>;

/** `GET /admin/seqr/payments/export` */
export const AdminGetSeqrPaymentsExportParams = z.object(filters);
export type AdminGetSeqrPaymentsExportParamsType = z.infer<typeof AdminGetSeqrPaymentsExportParams>;
