"use server";

import { sdk } from "@lib/config";
import type { HttpTypes } from "@medusajs/types";
import { revalidateTag } from "next/cache";
import { getAuthHeaders, getCacheTag, getCartId, removeCartId } from "./cookies";

/** Makes Next.js ask for the cart again, after its payment got a new code. */
export async function revalidateCart(): Promise<void> {
  revalidateTag(await getCacheTag("carts"));
}

/** Forgets the cart once it is an order. It may have been paid on another device, or after its page was closed. */
export async function forgetCompletedCart(): Promise<void> {
  const id = await getCartId();
  if (!id) return;
  const cart = await sdk.client
    .fetch<HttpTypes.StoreCartResponse>(`/store/carts/${id}`, {
      query: { fields: "id,completed_at" },
      headers: await getAuthHeaders(),
      cache: "no-store",
    })
    .then((answer) => answer.cart as HttpTypes.StoreCart & { completed_at?: string | null })
    .catch(() => null);
  if (!cart?.completed_at) return;
  await removeCartId();
  revalidateTag(await getCacheTag("carts"));
  revalidateTag(await getCacheTag("orders"));
}
