import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { AdminSeqrOrderPayments, AdminSeqrPayment } from "../../../../../http-types";
import type { Query } from "../../../../../medusa/queries";

/** What a payment is sent with: the field, where it is kept, and its order. */
const PARTS = [
  { field: "refunds", entity: "seqr_refund", order: { requested_at: "ASC" } },
  { field: "receipts", entity: "seqr_receipt", order: { created_at: "ASC", id: "ASC" } },
] as const;
type Part = (typeof PARTS)[number];

/** Lists the SEQR payments of an order with their refunds and receipts, newest first, as the ledger has them. */
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
    fields: ["id", ...fields.filter((field) => PARTS.every((part) => !isOf(part, field)))],
    filters: { payment_collection_id: collections },
    pagination: { skip: offset, take: limit, order },
  });
  const payments = data as unknown as AdminSeqrPayment[];
  for (const part of PARTS) await addPart(query, payments, part, fields);
  res.json({ payments, count: metadata?.count ?? payments.length, offset, limit });
}

function isOf({ field: name }: Part, field: string): boolean {
  return field.startsWith(`${name}.`);
}

/** Adds the refunds or the receipts of payments, with the fields that were asked for. */
async function addPart(
  query: Query,
  payments: AdminSeqrPayment[],
  part: Part,
  fields: readonly string[],
): Promise<void> {
  const { field: name, entity, order } = part;
  const wanted = fields.filter((field) => isOf(part, field)).map((field) => field.slice(name.length + 1));
  if (wanted.length === 0 || payments.length === 0) return;
  const { data } = await query.graph({
    entity,
    fields: ["invoice_id", ...wanted],
    filters: { invoice_id: payments.map(({ id }) => id) },
    pagination: { order },
  });
  const rows = data as unknown as { invoice_id?: string }[];
  for (const payment of payments) {
    Object.assign(payment, { [name]: rows.filter(({ invoice_id }) => invoice_id === payment.id) });
  }
  for (const row of rows) delete row.invoice_id;
}
