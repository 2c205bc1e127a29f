import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { AdminSeqrOrderPayments, AdminSeqrPayment, AdminSeqrRefund } from "../../../../../http-types";

const REFUNDS = "refunds.";

/** Lists the SEQR payments of an order with their refunds, newest first, as the ledger has them. */
export async function GET(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrOrderPayments>,
): Promise<void> {
  const query = req.scope.resolve(ContainerRegistrationKeys.QUERY);
  const { fields, pagination } = req.queryConfig;
  const { skip: offset = 0, take: limit = 0, order = { created_at: "DESC" } } = pagination;
  const { data: orders } = await query.graph({
    entity: "order",
    fields: ["payment_collections.id"],
    filters: { id: req.params["id"] ?? "" },
  });
  const [found] = orders as unknown as { payment_collections?: { id: string }[] }[];
  const collections = (found?.payment_collections ?? []).map(({ id }) => id);
  if (collections.length === 0) return void res.json({ payments: [], count: 0, offset, limit });

  const { data, metadata } = await query.graph({
    entity: "seqr_invoice",
    fields: ["id", ...fields.filter((field) => !field.startsWith(REFUNDS))],
    filters: { payment_collection_id: collections },
    pagination: { skip: offset, take: limit, order },
  });
  const payments = data as unknown as AdminSeqrPayment[];
  const ofRefunds = fields.filter((field) => field.startsWith(REFUNDS));
  if (ofRefunds.length > 0 && payments.length > 0) {
    const { data: refunds } = await query.graph({
      entity: "seqr_refund",
      fields: ["invoice_id", ...ofRefunds.map((field) => field.slice(REFUNDS.length))],
      filters: { invoice_id: payments.map(({ id }) => id) },
      pagination: { order: { requested_at: "ASC" } },
    });
    addRefunds(payments, refunds as unknown as AdminSeqrRefund[]);
  }
  res.json({ payments, count: metadata?.count ?? payments.length, offset, limit });
}

function addRefunds(
  payments: AdminSeqrPayment[],
  refunds: (AdminSeqrRefund & { invoice_id?: string })[],
): void {
  for (const payment of payments) {
    payment.refunds = refunds.filter(({ invoice_id }) => invoice_id === payment.id);
  }
  for (const refund of refunds) delete refund.invoice_id;
}
