import { setTimeout as sleep } from "node:timers/promises";
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import type { ExecArgs, HttpTypes, MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import { paymentAddress, providerOf, type Terminal } from "../modules/seqr/public";
import { seqrError } from "../errors/error-codes";
import type { ShopperPayment } from "../shopper/shopper-payment";

type Store = <T>(method: "GET" | "POST", path: string, body?: object) => Promise<T>;
type Offer = HttpTypes.StoreProductVariant & { title: string };

/** Statuses of a payment without a result. */
const UNDECIDED: readonly string[] = ["preparing", "waiting", "checking", "placing"];
const LOOK_EVERY_MILLISECONDS = 1_000;

/**
 * Fills a cart in the running store as a shopper would, through the store's HTTP API at `backendUrl`, starts the SEQR
 * payment, logs the address of its page, and waits for the order. Run by `medusa-payment-seqr trial-purchase`.
 *
 * @throws {MedusaError} code SEQR_STORE_UNREACHABLE when the store does not answer at `backendUrl`, SEQR_NOTHING_TO_BUY when
 *   no region with SEQR offers a product with a price, stock and a delivery
 */
export default async function trialPurchase({ container }: ExecArgs): Promise<void> {
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  const { store, cart, title, provider_id } = await fillCart(container);

  const { payment_collection: collection } = await store<HttpTypes.StorePaymentCollectionResponse>(
    "POST",
    "/payment-collections",
    { cart_id: cart.id },
  );
  const { payment_collection } = await store<HttpTypes.StorePaymentCollectionResponse>(
    "POST",
    `/payment-collections/${collection.id}/payment-sessions`,
    { provider_id },
  );
  const session = payment_collection.payment_sessions?.find((one) => one.provider_id === provider_id);
  const address = paymentAddress(String(session?.data.token), seqrOf(container).options);
  logger.info(`Cart: ${title}, ${cart.total.toFixed(2)} ${cart.currency_code.toUpperCase()} with delivery`);
  logger.info(`The shopper's page with the code: ${address}`);
  logger.info("Waiting for the payment. Ctrl-C ends the waiting only.");
  logger.info(await outcome(address));
}

/** A cart that is ready for payment. */
interface FilledCart {
  store: Store;
  cart: HttpTypes.StoreCart;
  title: string;
  /** Medusa's id of the payment provider with which it can be paid. */
  provider_id: string;
}

/** Creates a cart that is ready for payment, in the first region where that is possible. */
async function fillCart(container: MedusaContainer): Promise<FilledCart> {
  const { options, terminals } = seqrOf(container);
  const { backendUrl } = options;
  const keys = await container.resolve(Modules.API_KEY).listApiKeys({ type: "publishable" });
  for (const { token } of keys.filter(({ revoked_at }) => !revoked_at)) {
    const store = storeAt(backendUrl, token);
    const { regions } = await store<HttpTypes.StoreRegionListResponse>("GET", "/regions");
    for (const region of regions) {
      const provider_id = await providerIn(store, region, terminals.sold);
      const offer = provider_id === undefined ? undefined : await cheapestIn(store, region);
      if (provider_id === undefined || !offer) continue;
      for (const { iso_2 = "" } of region.countries ?? []) {
        const cart = await cartFor(store, region.id, iso_2, offer);
        if (cart) return { store, cart, title: offer.title, provider_id };
      }
    }
  }
  throw seqrError("SEQR_NOTHING_TO_BUY");
}

/** Finds the payment provider of the first terminal that a region offers and that takes its currency. */
async function providerIn(
  store: Store,
  region: HttpTypes.StoreRegion,
  terminals: readonly Terminal[],
): Promise<string | undefined> {
  const { payment_providers } = await store<HttpTypes.StorePaymentProviderListResponse>(
    "GET",
    `/payment-providers?region_id=${region.id}`,
  );
  const currency = region.currency_code.toUpperCase();
  return terminals
    .filter(({ options }) => options.currencies.includes(currency))
    .map(providerOf)
    .find((provider) => payment_providers.some(({ id }) => id === provider));
}

/** Finds the cheapest product of a region that can be bought. */
async function cheapestIn(store: Store, region: HttpTypes.StoreRegion): Promise<Offer | undefined> {
  const fields = "*variants.calculated_price,+variants.inventory_quantity";
  const { products } = await store<HttpTypes.StoreProductListResponse>(
    "GET",
    `/products?limit=100&region_id=${region.id}&fields=${encodeURIComponent(fields)}`,
  );
  const [cheapest] = products
    .flatMap(({ title, variants }) =>
      (variants ?? []).map((variant) => ({ ...variant, title: `${title} (${variant.title ?? ""})` })),
    )
    .filter((variant) => priceOf(variant) > 0 && isInStock(variant))
    .sort((one, other) => priceOf(one) - priceOf(other));
  return cheapest;
}

function priceOf({ calculated_price }: HttpTypes.StoreProductVariant): number {
  return calculated_price?.calculated_amount ?? 0;
}

function isInStock(variant: HttpTypes.StoreProductVariant): boolean {
  const { manage_inventory, allow_backorder, inventory_quantity } = variant;
  return !manage_inventory || allow_backorder === true || (inventory_quantity ?? 0) > 0;
}

/** Fills a cart. @returns undefined when the region has no shipping option */
async function cartFor(
  store: Store,
  region_id: string,
  country_code: string,
  offer: Offer,
): Promise<HttpTypes.StoreCart | undefined> {
  const address = {
    first_name: "Trial",
    last_name: "Purchase",
    address_1: "1 Trial Street",
    postal_code: "12345",
    city: "Trial Town",
    country_code,
  };
  const { cart } = await store<HttpTypes.StoreCartResponse>("POST", "/carts", {
    region_id,
    email: "trial-purchase@example.com",
    shipping_address: address,
    billing_address: address,
    items: [{ variant_id: offer.id, quantity: 1 }],
  });
  const { shipping_options } = await store<HttpTypes.StoreShippingOptionListResponse>(
    "GET",
    `/shipping-options?cart_id=${cart.id}`,
  );
  const option = shipping_options.find(({ price_type }) => price_type === "flat");
  if (!option) return undefined;
  const path = `/carts/${cart.id}/shipping-methods`;
  return (await store<HttpTypes.StoreCartResponse>("POST", path, { option_id: option.id })).cart;
}

/** Waits for the payment's result. @returns the result as text */
async function outcome(address: string): Promise<string> {
  for (;;) {
    const { status, order, ers_reference } = await send<ShopperPayment>("GET", `${address}/status`);
    if (order) return `Paid: order #${order.display_id} (${order.id}), SEQR's receipt ${ers_reference ?? ""}`;
    if (!UNDECIDED.includes(status)) return `No order: the payment is ${status}`;
    await sleep(LOOK_EVERY_MILLISECONDS);
  }
}

function storeAt(backendUrl: string, publishableKey: string): Store {
  const headers = { "x-publishable-api-key": publishableKey };
  return (method, path, body) => send(method, `${backendUrl}/store${path}`, headers, body);
}

async function send<T>(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body?: object,
): Promise<T> {
  const { origin, pathname } = new URL(url);
  const answer = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  }).catch(() => {
    throw seqrError("SEQR_STORE_UNREACHABLE", `Asked: ${origin}.`);
  });
  if (!answer.ok)
    throw seqrError(
      "SEQR_STORE_UNREACHABLE",
      `${method} ${pathname}: HTTP ${answer.status}: ${await answer.text()}`,
    );
  return (await answer.json()) as T;
}
