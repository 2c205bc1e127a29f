"use server";

import { sdk } from "@lib/config";
import medusaError from "@lib/util/medusa-error";
import type { HttpTypes } from "@medusajs/types";
import { revalidateTag } from "next/cache";
import { redirect } from "next/navigation";
import { getAuthHeaders, getCacheOptions, getCacheTag, getCartId, removeCartId, setCartId } from "./cookies";
import { getRegion } from "./regions";
import { forgetCompletedCart } from "./seqr";

const FIELDS = "*items,*region,*shipping_methods,*payment_collection.payment_sessions";

/** The cart of this browser, as it was when Next.js asked last. */
export async function retrieveCart(): Promise<HttpTypes.StoreCart | null> {
  const id = await getCartId();
  if (!id) return null;
  return sdk.client
    .fetch<HttpTypes.StoreCartResponse>(`/store/carts/${id}`, {
      query: { fields: FIELDS },
      headers: await getAuthHeaders(),
      next: await getCacheOptions("carts"),
      cache: "force-cache",
    })
    .then(({ cart }) => cart)
    .catch(() => null);
}

/** The cart's id; a browser without one gets a cart in the region of the country. */
async function getOrSetCart(countryCode: string): Promise<string> {
  await forgetCompletedCart();
  const id = await getCartId();
  if (id) return id;
  const region = await getRegion(countryCode);
  if (!region) throw new Error(`No region has the country ${countryCode}`);
  const { cart } = await sdk.store.cart.create({ region_id: region.id }, {}, await getAuthHeaders());
  await setCartId(cart.id);
  return cart.id;
}

async function existingCart(): Promise<string> {
  const id = await getCartId();
  if (!id) throw new Error("There is no cart");
  return id;
}

/** Changes the cart, and makes Next.js ask for it again. */
async function change<T>(act: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  const result = await act(await getAuthHeaders()).catch(medusaError);
  revalidateTag(await getCacheTag("carts"));
  return result;
}

export async function addToCart(input: {
  variantId: string;
  quantity: number;
  countryCode: string;
}): Promise<void> {
  const { variantId: variant_id, quantity, countryCode } = input;
  const id = await getOrSetCart(countryCode);
  await change((headers) => sdk.store.cart.createLineItem(id, { variant_id, quantity }, {}, headers));
}

export async function updateLineItem({
  lineId,
  quantity,
}: {
  lineId: string;
  quantity: number;
}): Promise<void> {
  const id = await existingCart();
  await change((headers) => sdk.store.cart.updateLineItem(id, lineId, { quantity }, {}, headers));
}

export async function setShippingMethod(input: { cartId: string; shippingMethodId: string }): Promise<void> {
  const data = { option_id: input.shippingMethodId };
  await change((headers) => sdk.store.cart.addShippingMethod(input.cartId, data, {}, headers));
}

export async function initiatePaymentSession(
  cart: HttpTypes.StoreCart,
  data: HttpTypes.StoreInitializePaymentSession,
): Promise<void> {
  await change((headers) => sdk.store.payment.initiatePaymentSession(cart, data, {}, headers));
}

/** Keeps the address, and goes on to the delivery. Gives a message when that fails. */
export async function setAddresses(_state: unknown, form: FormData): Promise<string> {
  const field = (name: string): string => String(form.get(`shipping_address.${name}`) ?? "");
  const names = ["first_name", "last_name", "address_1", "postal_code", "city", "country_code"];
  const address = Object.fromEntries(names.map((name) => [name, field(name)]));
  try {
    const id = await existingCart();
    const data = { email: String(form.get("email")), shipping_address: address, billing_address: address };
    await change((headers) => sdk.store.cart.update(id, data, {}, headers));
  } catch (error) {
    return (error as Error).message;
  }
  redirect(`/${field("country_code")}/checkout?step=delivery`);
}

/** Makes the cart an order, and goes to the page of the order. */
export async function placeOrder(cartId?: string): Promise<void> {
  const id = cartId ?? (await existingCart());
  const completed = await change((headers) => sdk.store.cart.complete(id, {}, headers));
  if (completed.type !== "order") throw new Error(completed.error.message);
  await removeCartId();
  const country = completed.order.shipping_address?.country_code?.toLowerCase();
  redirect(`/${country}/order/${completed.order.id}/confirmed`);
}
