import { updateTaxLinesWorkflow } from "@medusajs/medusa/core-flows";
import type { MedusaContainer } from "@medusajs/framework/types";

/**
 * Works the taxes of a cart out again. When a cart change is refused, core's roll-back brings items and quantities
 * back but can leave a tax line twice, and the cart with another total than the invoice (seen in 2.21.2).
 */
export async function restoreTaxLines(container: MedusaContainer, cartId: string): Promise<void> {
  await updateTaxLinesWorkflow(container).run({ input: { cart_id: cartId } });
}
