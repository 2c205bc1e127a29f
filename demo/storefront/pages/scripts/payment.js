// Paying for a cart: payment collection, payment session, completion.
import { send, store, StoreError } from "./store.js";

export const SEQR = "pp_seqr_seqr";

/** The shopper is paying on the phone: the store refuses every change of the cart, and places the order by itself. */
export function isPaymentInProgress(error) {
  return error instanceof StoreError && error.code === "SEQR_PAYMENT_IN_PROGRESS";
}

/** Ids of the payment methods of the region. */
export async function paymentProviders(cart) {
  const { payment_providers } = await store("GET", `/payment-providers?region_id=${cart.region_id}`);
  return payment_providers.map(({ id }) => id);
}

/** Starts a payment; an earlier one of the cart ends with it. Returns the session. */
export async function startPayment(cart, provider_id) {
  const collection =
    cart.payment_collection ??
    (await store("POST", "/payment-collections", { cart_id: cart.id })).payment_collection;
  const path = `/payment-collections/${collection.id}/payment-sessions`;
  const { payment_collection } = await store("POST", path, { provider_id });
  return payment_collection.payment_sessions.find((session) => session.provider_id === provider_id);
}

/** The cart's SEQR payment, when one was started: a page that is loaded again goes on with it. */
export function seqrSession(cart) {
  const sessions = cart?.payment_collection?.payment_sessions ?? [];
  return sessions.find(({ provider_id, data }) => provider_id === SEQR && data?.page_url);
}

/** Places the order. @throws {Error} with the store's words when the payment is not there */
export async function complete(cart) {
  const { type, order, error } = await store("POST", `/carts/${cart.id}/complete`);
  if (type !== "order") throw new Error(error?.message ?? "The order could not be placed.");
  return order;
}

/** Asks for a cancellation. Returns how the payment stands then: the phone may have been faster. */
export function cancelPayment({ page_url }) {
  return send("POST", `${page_url}/cancel`);
}
