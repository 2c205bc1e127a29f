import { createFindParams } from "@medusajs/medusa/api/utils/validators";

/** `GET /admin/seqr/orders/:id` */
export const AdminGetSeqrOrderPaymentsParams = createFindParams({ limit: 20, offset: 0 });
