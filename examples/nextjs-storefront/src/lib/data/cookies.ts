import "server-only";
import { cookies } from "next/headers";

const CART = "_medusa_cart_id";

/** What a request needs of a customer who has signed in. */
export async function getAuthHeaders(): Promise<Record<string, string>> {
  const token = (await cookies()).get("_medusa_jwt")?.value;
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** The name under which Next.js keeps this browser's answers about something. */
export async function getCacheTag(about: string): Promise<string> {
  const cacheId = (await cookies()).get("_medusa_cache_id")?.value;
  return cacheId ? `${about}-${cacheId}` : "";
}

export async function getCacheOptions(about: string): Promise<{ tags?: string[] }> {
  const tag = await getCacheTag(about);
  return tag ? { tags: [tag] } : {};
}

export async function getCartId(): Promise<string | undefined> {
  return (await cookies()).get(CART)?.value;
}

export async function setCartId(cartId: string): Promise<void> {
  (await cookies()).set(CART, cartId, {
    maxAge: 60 * 60 * 24 * 7,
    httpOnly: true,
    sameSite: "strict",
    secure: process.env.NODE_ENV === "production",
  });
}

export async function removeCartId(): Promise<void> {
  (await cookies()).set(CART, "", { maxAge: -1 });
}
