import { sdk } from "@lib/config";
import type { HttpTypes } from "@medusajs/types";

export async function getRegion(countryCode: string): Promise<HttpTypes.StoreRegion | undefined> {
  const { regions } = await sdk.store.region.list();
  return regions.find((region) => region.countries?.some(({ iso_2 }) => iso_2 === countryCode));
}
