import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { AdminSeqrOrderPayments, AdminSeqrPayment } from "../../../../../http-types";

const NEWEST_FIRST = { created_at: "DESC" };

/** Lists the SEQR payments of an order with their refunds, newest first, as the ledger has them. */
export async function GET(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrOrderPayments>,
): Promise<void> {
  const query = req.scope.resolve(ContainerRegistrationKeys.QUERY);
  const { fields, pagination } = req.queryConfig;
  const { data: orders } = await query.graph({
    entity: "order",
    fields: ["payment_collections.id"],
    filters: { id: req.params["id"] ?? "" },
  });
  const [order] = orders as unknown as { payment_collections?: { id: string }[] }[];
  const collections = (order?.payment_collections ?? []).map(({ id }) => id);
  const { skip: offset = 0, take: limit = 0 } = pagination;
  if (collections.length === 0) return void res.json({ payments: [], count: 0, offset, limit });
  const { data, metadata } = await query.graph({
    entity: "seqr_invoice",
    fields,
    filters: { payment_collection_id: collections },
    pagination: { ...pagination, order: pagination.order ?? NEWEST_FIRST },
  });
  const payments = data as unknown as AdminSeqrPayment[];
  res.json({ payments, count: metadata?.count ?? payments.length, offset, limit });
}
