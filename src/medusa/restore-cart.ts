import { Modules } from "@medusajs/framework/utils";
import { updateTaxLinesWorkflow } from "@medusajs/medusa/core-flows";
import type { BigNumberRawValue, MedusaContainer } from "@medusajs/framework/types";
import { queryOf, readRows } from "./queries";

interface CartRow {
  raw_total: BigNumberRawValue;
  payment_collection?: { id: string } | null;
}

/**
 * Repairs a cart after core has rolled back a refused change (seen in 2.21.2): a tax line can be doubled, and the payment
 * collection keeps the total of the change. With the first the cart does not fit its invoice any more; with the second the same
 * change would be accepted the next time without asking the provider.
 */
export async function restoreCart(container: MedusaContainer, cartId: string): Promise<void> {
  await updateTaxLinesWorkflow(container).run({ input: { cart_id: cartId } });
  const [cart] = await readRows<CartRow>(queryOf(container), {
    entity: "cart",
    fields: ["id", "total", "raw_total", "payment_collection.id"],
    filters: { id: cartId },
  });
  if (!cart?.payment_collection) return;
  await container
    .resolve(Modules.PAYMENT)
    // With all its digits: core compares the two exactly, and drops the session when they differ.
    .updatePaymentCollections(cart.payment_collection.id, { amount: cart.raw_total });
}
