import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import { queryOf, readSession } from "./queries";

/**
 * Adds the link that an order misses when the process that placed it crashed: core writes the links to the cart and to the payment
 * collection at once, but not in one transaction. Without the first a completion places a second order, without the second the
 * order shows no payment and takes no refund.
 *
 * The caller has the invoice's lease, so no other process is placing the order, except a completion that does not take the lease
 * (code that bypasses the plugin).
 */
export async function linkInterruptedOrder(container: MedusaContainer, sessionId: string): Promise<void> {
  const session = await readSession(queryOf(container), sessionId);
  const { id: payment_collection_id, cart, order } = session?.payment_collection ?? {};
  if (!cart) return;
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  if (cart.order && !order) {
    await link.create({
      [Modules.ORDER]: { order_id: cart.order.id },
      [Modules.PAYMENT]: { payment_collection_id },
    });
  }
  if (order && !cart.order) {
    await link.create({ [Modules.ORDER]: { order_id: order.id }, [Modules.CART]: { cart_id: cart.id } });
  }
}
