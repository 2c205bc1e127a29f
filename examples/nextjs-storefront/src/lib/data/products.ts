import { sdk } from "@lib/config";
import type { HttpTypes } from "@medusajs/types";
import { getRegion } from "./regions";

/** The goods with their prices in the region of a country. */
export async function listProducts(
  countryCode: string,
  query: HttpTypes.StoreProductListParams = {},
): Promise<HttpTypes.StoreProduct[]> {
  const region = await getRegion(countryCode);
  const fields = "*variants.calculated_price";
  const { products } = await sdk.store.product.list({ ...query, region_id: region?.id, fields });
  return products;
}
