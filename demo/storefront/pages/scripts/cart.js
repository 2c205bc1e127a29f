// The shopper's cart. The browser remembers only its id.
import { config, store, StoreError } from "./store.js";

const KEY = "cart";
const FIELDS = "fields=%2Bshipping_methods.name,%2Bitems.total";

/** The cart, or undefined when there is none yet. */
export async function currentCart() {
  const id = localStorage.getItem(KEY);
  if (id === null) return undefined;
  try {
    return (await store("GET", `/carts/${id}?${FIELDS}`)).cart;
  } catch (error) {
    if (!(error instanceof StoreError) || error.status !== 404) throw error;
    forgetCart();
    return undefined;
  }
}

/** The order that a cart became, if it did: the payment places it, with or without this page. */
export async function orderOf(cart) {
  if (!cart?.completed_at) return undefined;
  return (await store("POST", `/carts/${cart.id}/complete`)).order;
}

/** The change before, whether it went well or not. */
let earlier = Promise.resolve();

/**
 * Makes a change when the one before is through. Medusa locks the cart for each, and answers one that has waited for two
 * seconds with "An unknown error occurred": on a busy server two changes at once are enough.
 */
function inTurn(change) {
  const turn = earlier.then(change);
  earlier = turn.catch(() => {});
  return turn;
}

export function forgetCart() {
  localStorage.removeItem(KEY);
}

export function addToCart(variantId) {
  return inTurn(async () => {
    let cart = await currentCart();
    if (cart?.completed_at) cart = undefined;
    cart ??= (await store("POST", "/carts", { region_id: config.region_id })).cart;
    localStorage.setItem(KEY, cart.id);
    return (await store("POST", `/carts/${cart.id}/line-items`, { variant_id: variantId, quantity: 1 })).cart;
  });
}

/** 0 takes the item out. */
export function setQuantity(cart, item, quantity) {
  const path = `/carts/${cart.id}/line-items/${item.id}`;
  return inTurn(() => (quantity > 0 ? store("POST", path, { quantity }) : store("DELETE", path)));
}

export function changeCart(cart, changes) {
  return inTurn(() => store("POST", `/carts/${cart.id}`, changes));
}

export function chooseShipping(cart, optionId) {
  return inTurn(() => store("POST", `/carts/${cart.id}/shipping-methods`, { option_id: optionId }));
}

/** The cheapest first. */
export async function shippingOptions(cart) {
  const { shipping_options } = await store("GET", `/shipping-options?cart_id=${cart.id}`);
  return shipping_options.sort((one, other) => one.amount - other.amount);
}

export function countOf(cart) {
  return (cart?.items ?? []).reduce((count, { quantity }) => count + quantity, 0);
}
