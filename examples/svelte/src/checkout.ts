import Medusa from "@medusajs/js-sdk";
import type { Session } from "medusa-payment-seqr-view";

const PROVIDER = "pp_seqr_seqr";

const sdk = new Medusa({
  baseUrl: import.meta.env.VITE_BACKEND_URL,
  publishableKey: import.meta.env.VITE_PUBLISHABLE_KEY,
});

/** Starts a SEQR payment for the cart. Returns what the payment view needs. */
export async function startPayment(cartId: string): Promise<Partial<Session>> {
  const { cart } = await sdk.store.cart.retrieve(cartId);
  const { payment_collection } = await sdk.store.payment.initiatePaymentSession(cart, {
    provider_id: PROVIDER,
  });
  const session = payment_collection.payment_sessions?.find((one) => one.provider_id === PROVIDER);
  return session?.data ?? {};
}
