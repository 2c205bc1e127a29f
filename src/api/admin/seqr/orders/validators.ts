import { createFindParams } from "@medusajs/medusa/api/utils/validators";
import type { z } from "@medusajs/framework/zod";

/** `GET /admin/seqr/orders/:id` */
export const AdminGetSeqrOrderPaymentsParams = createFindParams({ limit: 20, offset: 0 });
export type AdminGetSeqrOrderPaymentsParamsType = z.infer<typeof AdminGetSeqrOrderPaymentsParams>;
