import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord } from "../modules/seqr/public";

/** The SEQR invoices of an order's payment sessions, newest first. */
export async function invoicesOfOrder(container: MedusaContainer, orderId: string): Promise<InvoiceRecord[]> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const seqr = seqrOf(container);
  const { data } = await query.graph({
    entity: "order",
    fields: ["id", "payment_collections.id"],
    filters: { id: orderId },
  });
  const [order] = data as unknown as { payment_collections?: { id: string }[] }[];
  return seqr.invoicesOf((order?.payment_collections ?? []).map(({ id }) => id));
}
