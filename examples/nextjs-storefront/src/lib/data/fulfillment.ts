import { sdk } from "@lib/config";
import type { HttpTypes } from "@medusajs/types";

export async function listCartShippingMethods(cartId: string): Promise<HttpTypes.StoreCartShippingOption[]> {
  const { shipping_options } = await sdk.store.fulfillment.listCartOptions({ cart_id: cartId });
  return shipping_options;
}
