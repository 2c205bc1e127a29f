import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import { updateTaxLinesWorkflow } from "@medusajs/medusa/core-flows";
import type { BigNumberRawValue, MedusaContainer } from "@medusajs/framework/types";

interface CartRow {
  raw_total: BigNumberRawValue;
  payment_collection?: { id: string } | null;
}

/**
 * Puts right what core's roll-back leaves behind when a cart change is refused (seen in 2.21.2): a tax line can be there
 * twice, and the payment collection keeps the total of the change. With the first the cart no longer fits its
 * invoice; with the second, the same change would go through the next time without anybody being asked.
 */
export async function restoreCart(container: MedusaContainer, cartId: string): Promise<void> {
  await updateTaxLinesWorkflow(container).run({ input: { cart_id: cartId } });
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: "cart",
    fields: ["id", "total", "raw_total", "payment_collection.id"],
    filters: { id: cartId },
  });
  const [cart] = data as unknown as CartRow[];
  if (!cart?.payment_collection) return;
  await container
    .resolve(Modules.PAYMENT)
    // With all its digits: core compares the two exactly, and drops the session when they differ.
    .updatePaymentCollections(cart.payment_collection.id, { amount: cart.raw_total });
}
