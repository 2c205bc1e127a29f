import { z } from "@medusajs/framework/zod";
import { ATTENTION_ACTIONS, ATTENTION_KINDS, NEEDS } from "../../../../modules/seqr/public";
import { oneOrMoreOf } from "../one-or-more";
import { limit, MOST } from "../part-of-list";

const Reason = z.string().max(1_000);

/** `GET /admin/seqr/attention` */
export const AdminGetSeqrAttentionParams = z.object({
  limit: limit.default(MOST),
  offset: z.coerce.number().int().min(0).default(0),
  kind: oneOrMoreOf("kind", ATTENTION_KINDS),
  needs: oneOrMoreOf("needs", NEEDS),
});
export type AdminGetSeqrAttentionParamsType = z.infer<typeof AdminGetSeqrAttentionParams>;

/** `POST /admin/seqr/attention/:id` */
export const AdminResolveSeqrAttention = z.object({
  action: z.enum(ATTENTION_ACTIONS),
  reason: Reason.default(""),
  refund_reference: z
    .string()
    .regex(/^\S{1,64}$/, "must be SEQR's reference of the refund")
    .optional(),
  transaction_period_id: z
    .string()
    .regex(/^\S{1,64}$/, "must be SEQR's id of the transaction period")
    .optional(),
});
export type AdminResolveSeqrAttentionType = z.infer<typeof AdminResolveSeqrAttention>;

/** `POST /admin/seqr/attention/dismiss` */
export const AdminDismissSeqrAttention = z.object({
  ids: z.array(z.string().max(300)).min(1).max(MOST),
  reason: Reason.regex(/\S/, "is missing"),
});
export type AdminDismissSeqrAttentionType = z.infer<typeof AdminDismissSeqrAttention>;
