import { sdk } from "@lib/config";
import type { HttpTypes } from "@medusajs/types";
import { getAuthHeaders, getCacheOptions } from "./cookies";

/** An order, with its payments; undefined when there is none. */
export async function retrieveOrder(id: string): Promise<HttpTypes.StoreOrder | undefined> {
  return sdk.client
    .fetch<HttpTypes.StoreOrderResponse>(`/store/orders/${id}`, {
      query: { fields: "*payment_collections.payments,*items" },
      headers: await getAuthHeaders(),
      next: await getCacheOptions("orders"),
      cache: "force-cache",
    })
    .then(({ order }) => order)
    .catch(() => undefined);
}
