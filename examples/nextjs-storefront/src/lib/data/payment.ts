import { sdk } from "@lib/config";
import type { HttpTypes } from "@medusajs/types";

export async function listCartPaymentMethods(regionId: string): Promise<HttpTypes.StorePaymentProvider[]> {
  const { payment_providers } = await sdk.store.payment.listPaymentProviders({ region_id: regionId });
  return payment_providers;
}
