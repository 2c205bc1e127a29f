import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import type { InvoiceRecord } from "../modules/seqr/public";
import { queryOf, readRows } from "./queries";

/**
 * Adds the link that an order misses when the process that placed it crashed: core writes the links to the cart and to the payment
 * collection at once, but not in one transaction. Without the first a completion places a second order, without the second the
 * order shows no payment and takes no refund.
 *
 * The caller has the invoice's lease, so no other process is placing the order, except code that bypasses the plugin.
 */
export async function linkInterruptedOrder(
  container: MedusaContainer,
  { cart_id, payment_collection_id }: Pick<InvoiceRecord, "cart_id" | "payment_collection_id">,
): Promise<void> {
  if (cart_id === null) return;
  const [ofCart, ofPayments] = await Promise.all([
    linkedOrder(container, "order_cart", { cart_id }),
    linkedOrder(container, "order_payment_collection", { payment_collection_id }),
  ]);
  const order_id = ofCart ?? ofPayments;
  if (order_id === undefined || (ofCart !== undefined && ofPayments !== undefined)) return;
  // A roll-back of core that failed may have left a link to an order that is gone.
  const [order] = await container.resolve(Modules.ORDER).listOrders({ id: order_id }, { select: ["id"] });
  if (!order) return;
  await container.resolve(ContainerRegistrationKeys.LINK).create({
    [Modules.ORDER]: { order_id },
    ...(ofCart === undefined && { [Modules.CART]: { cart_id } }),
    ...(ofPayments === undefined && { [Modules.PAYMENT]: { payment_collection_id } }),
  });
}

async function linkedOrder(
  container: MedusaContainer,
  entity: "order_cart" | "order_payment_collection",
  filters: object,
): Promise<string | undefined> {
  const question = { entity, fields: ["order_id"], filters };
  const [link] = await readRows<{ order_id: string }>(queryOf(container), question);
  return link?.order_id;
}
