// A shopper of the benchmarks, who uses nothing but the storefront's API.
import { setTimeout as sleep } from "node:timers/promises";
import type { SeqrSessionData } from "../src/modules/seqr/invoice/session-data";
import { apiAt, send, type Api } from "../testkit/http";
import type { SandboxProcess } from "../testkit/sandbox";
import type { Seeded } from "../testkit/store";

export interface Cart {
  id: string;
}

export interface Session {
  id: string;
  provider_id: string;
  data: SeqrSessionData;
}

/** Milliseconds before each completion, so that what earlier requests left to be done in the background is done. */
export const REST = 400;
const CART = { MUG: 2, "NOTE-A5": 1 };
const ADDRESS = {
  first_name: "Astrid",
  last_name: "Berg",
  address_1: "Storgatan 1",
  postal_code: "111 22",
  city: "Stockholm",
  country_code: "se",
};

/** Requests to the store API of a server. */
export function shopAt(url: string, { publishable_key }: Seeded): Api {
  return apiAt(`${url}/store`, { "x-publishable-api-key": publishable_key });
}

/**
 * A cart with everything but the payment, and its payment session.
 * @param email of the shopper; Medusa refuses two first carts of one address at the same moment
 */
export async function filledCart(
  shop: Api,
  { region_id, variants }: Seeded,
  provider_id: string,
  email = "astrid@example.com",
): Promise<{ cart: Cart; session: Session }> {
  const { cart } = await shop<{ cart: Cart }>("POST", "/carts", {
    region_id,
    email,
    shipping_address: ADDRESS,
    billing_address: ADDRESS,
    items: Object.entries(CART).map(([sku, quantity]) => ({ variant_id: variants[sku], quantity })),
  });
  const { shipping_options } = await shop<{ shipping_options: { id: string }[] }>(
    "GET",
    `/shipping-options?cart_id=${cart.id}`,
  );
  await shop("POST", `/carts/${cart.id}/shipping-methods`, { option_id: shipping_options[0]?.id });
  interface Made {
    payment_collection: { id: string; payment_sessions: Session[] };
  }
  const made = await shop<Made>("POST", "/payment-collections", { cart_id: cart.id });
  const path = `/payment-collections/${made.payment_collection.id}/payment-sessions`;
  const { payment_collection } = await shop<Made>("POST", path, { provider_id });
  const session = payment_collection.payment_sessions.find((one) => one.provider_id === provider_id);
  if (!session) throw new Error(`There is no session of ${provider_id}`);
  return { cart, session };
}

/** Milliseconds from the request to the whole answer. */
export async function completion(shop: Api, cart: Cart): Promise<number> {
  const started = performance.now();
  const { type, error } = await shop<{ type: string; error?: { message: string } }>(
    "POST",
    `/carts/${cart.id}/complete`,
  );
  const milliseconds = performance.now() - started;
  if (type !== "order") throw new Error(`The cart did not become an order: ${error?.message}`);
  return milliseconds;
}

/**
 * Fills a cart, pays it with the phone and completes it.
 *
 * @returns the milliseconds that the completion took, and the payment session
 */
export async function paidCompletion(
  shop: Api,
  seeded: Seeded,
  sandbox: SandboxProcess,
): Promise<{ milliseconds: number; session: Session }> {
  const { cart, session } = await filledCart(shop, seeded, "pp_seqr_seqr");
  await sleep(REST);
  await pay(sandbox, session);
  return { milliseconds: await completion(shop, cart), session };
}

/** Pays as the phone does. */
export async function pay(sandbox: SandboxProcess, session: Session): Promise<void> {
  await send("POST", `${sandbox.url}/sandbox/phone/pay`, { body: { reference: session.data.qr_text } });
}

/** Has the sandbox tell nobody of payments. */
export async function loseNotifications(sandbox: SandboxProcess): Promise<void> {
  const body = { operation: "notification", kind: "lost", times: 1_000_000 };
  await send("POST", `${sandbox.url}/sandbox/faults`, { body });
}
