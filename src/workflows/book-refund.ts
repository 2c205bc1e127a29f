import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import type { InvoiceRecord, RefundRecord } from "../modules/seqr/contract";
import { medusaShop } from "./medusa-shop";

/**
 * Brings a refund that SEQR has made into Medusa's books, if it is not there. Core has deleted its own record when the
 * refund's outcome was not known; the provider takes the refund over and does not make it twice.
 */
export async function bookRefund(
  container: MedusaContainer,
  invoice: InvoiceRecord,
  { idempotency_key, amount }: RefundRecord,
): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "refund",
    fields: ["id"],
    filters: { id: idempotency_key },
  });
  if (data.length === 0) await medusaShop(container).refund(invoice.session_id, amount);
}
