// One purchase and one partial refund, through the public HTTP APIs alone: the shopper's part through the store API, the
// phone's through the sandbox's control API, the staff's through the admin API.
import { toString as qrCode } from "qrcode";
import type { SeqrSessionData } from "../src/modules/seqr/invoice/session-data";
import type { Bill, RecordedCall } from "../src/sandbox";
import { apiAt, send, until, type Api } from "../testkit/http";
import type { RunningDemo } from "./services";

/** What a purchase and a partial refund left; amounts are decimal strings. */
export interface Purchase {
  order_id: string;
  display_id: number;
  invoice_reference: string;
  ers_reference: string;
  total: string;
  captured: string;
  refunded: string;
  refund_reference: string;
  /** Calls that SEQR saw for this purchase, the refund among them. */
  soap_calls: number;
  /** From asking for the code to the order. */
  seconds: number;
}

/** Receives what happened; without a name the text is a picture. */
export type Tell = (name: string | undefined, text: string) => void;

/** What of a running demo is needed. */
type Shop = Pick<RunningDemo, "seeded" | "staff"> & Record<"store" | "sandbox", { url: string }>;

interface Cart {
  id: string;
  total: number;
}

interface Order {
  id: string;
  display_id: number;
}

/** A payment as its public status shows it, once it is paid. */
interface PaidPayment {
  status: string;
  order: Order;
  ers_reference: string;
}

interface Variant {
  id: string;
  sku: string;
  title: string;
  calculated_price: { calculated_amount: number };
}

/** A payment in Medusa's books. */
interface BookedPayment {
  id: string;
  captures: { amount: number }[];
  refunds: { amount: number }[];
}

const ADDRESS = {
  first_name: "Astrid",
  last_name: "Berg",
  address_1: "Storgatan 1",
  postal_code: "111 22",
  city: "Stockholm",
  country_code: "se",
};
const EMAIL = "astrid.berg@example.com";
const WANTED = { MUG: 1, "COFFEE-500": 2 };
/** What is refunded: one mug. */
const REFUND_SKU = "MUG";
const PROVIDER = "pp_seqr_seqr";
const paidWithinSeconds = 30;

/** Buys something with SEQR and refunds a part of it, through the public HTTP APIs alone. */
export async function buyAndRefund({ store, sandbox, seeded, staff }: Shop, tell: Tell): Promise<Purchase> {
  const shop = apiAt(`${store.url}/store`, { "x-publishable-api-key": seeded.publishable_key });

  const { cart, refundAmount } = await fillCart(shop, tell);

  const started = Date.now();
  const { invoice_reference, qr_text, deep_link, page_url } = await startPayment(shop, cart);
  tell("Payment session", `${PROVIDER}, SEQR invoice ${invoice_reference}`);
  tell(undefined, await qrCode(qr_text, { type: "utf8", errorCorrectionLevel: "M", margin: 4 }));
  tell("Phone page", deep_link);
  await payByPhone(apiAt(`${sandbox.url}/sandbox/phone`), qr_text, tell);

  const { order, ers_reference } = await paymentOf(`${page_url}/status`);
  const seconds = (Date.now() - started) / 1000;
  tell("Order", `#${order.display_id} (${order.id}), ${seconds.toFixed(1)} s after the code was asked for`);
  tell("ersReference", ers_reference);

  const { token } = await send<{ token: string }>("POST", `${store.url}/auth/user/emailpass`, {
    body: staff,
  });
  const admin = apiAt(`${store.url}/admin`, { authorization: `Bearer ${token}` });
  const books = await refund(admin, order, refundAmount, tell);
  const calls = await send<RecordedCall[]>("GET", `${sandbox.url}/sandbox/calls`);
  const ours = calls.filter(
    (call) => call.invoiceReference === invoice_reference || call.ersReference === ers_reference,
  );
  return {
    order_id: order.id,
    display_id: order.display_id,
    invoice_reference,
    ers_reference,
    ...books,
    soap_calls: ours.length,
    seconds: Number(seconds.toFixed(1)),
  };
}

/** A cart that is ready to be paid. */
async function fillCart(shop: Api, tell: Tell): Promise<{ cart: Cart; refundAmount: number }> {
  const region = await swedishRegion(shop);
  tell("Region", `${region.name}, ${region.currency_code.toUpperCase()}`);

  const goods = await wantedGoods(shop, region);
  const { cart: empty } = await shop<{ cart: Cart }>("POST", "/carts", { region_id: region.id });
  for (const { variant, quantity } of goods)
    await shop("POST", `/carts/${empty.id}/line-items`, { variant_id: variant.id, quantity });
  tell(
    "Cart",
    goods.map(({ quantity, product, variant }) => `${quantity} × ${product} (${variant.title})`).join(", "),
  );

  await shop("POST", `/carts/${empty.id}`, {
    email: EMAIL,
    shipping_address: ADDRESS,
    billing_address: ADDRESS,
  });
  tell("Shopper", `${ADDRESS.first_name} ${ADDRESS.last_name}, ${ADDRESS.city}, ${EMAIL}`);
  const cart = await chooseDelivery(shop, empty, tell);
  tell("To pay", `${decimal(cart.total)} SEK`);
  const refunded = found(goods.find(({ variant }) => variant.sku === REFUND_SKU));
  return { cart, refundAmount: refunded.variant.calculated_price.calculated_amount };
}

interface Region {
  id: string;
  name: string;
  currency_code: string;
}

async function swedishRegion(shop: Api): Promise<Region> {
  const { regions } = await shop<{ regions: Region[] }>("GET", "/regions");
  return found(regions.find(({ currency_code }) => currency_code === "sek"));
}

async function wantedGoods(
  shop: Api,
  region: Region,
): Promise<{ variant: Variant; product: string; quantity: number }[]> {
  const { products } = await shop<{ products: { title: string; variants: Variant[] }[] }>(
    "GET",
    `/products?region_id=${region.id}&fields=*variants.calculated_price`,
  );
  const offered = products.flatMap(({ title, variants }) =>
    variants.map((variant) => ({ product: title, variant })),
  );
  return Object.entries(WANTED).map(([sku, quantity]) => ({
    ...found(offered.find(({ variant }) => variant.sku === sku)),
    quantity,
  }));
}

/** Chooses the cheapest delivery. Returns the cart with it. */
async function chooseDelivery(shop: Api, { id }: Cart, tell: Tell): Promise<Cart> {
  const { shipping_options } = await shop<{
    shipping_options: { id: string; name: string; amount: number }[];
  }>("GET", `/shipping-options?cart_id=${id}`);
  const option = found(shipping_options.sort((one, other) => one.amount - other.amount)[0]);
  const { cart } = await shop<{ cart: Cart }>("POST", `/carts/${id}/shipping-methods`, {
    option_id: option.id,
  });
  tell("Delivery", `${option.name}, ${decimal(option.amount)} SEK`);
  return cart;
}

async function startPayment(shop: Api, cart: Cart): Promise<SeqrSessionData> {
  interface Collection {
    id: string;
    payment_sessions: { provider_id: string; data: SeqrSessionData }[];
  }
  const made = await shop<{ payment_collection: Collection }>("POST", "/payment-collections", {
    cart_id: cart.id,
  });
  const path = `/payment-collections/${made.payment_collection.id}/payment-sessions`;
  const { payment_collection } = await shop<{ payment_collection: Collection }>("POST", path, {
    provider_id: PROVIDER,
  });
  return found(payment_collection.payment_sessions.find(({ provider_id }) => provider_id === PROVIDER)).data;
}

async function payByPhone(phone: Api, reference: string, tell: Tell): Promise<void> {
  const { shop, invoice } = await phone<Bill>("POST", "/scan", { reference });
  const { value, currency } = found(invoice.totalAmount);
  tell("Phone", `scans: ${shop}, ${decimal(value)} ${currency}`);
  await phone("POST", "/pay", { reference, pin: "1234" });
  tell("Phone", "confirms with the PIN and pays");
}

/** Waits as a payment page does. */
async function paymentOf(statusUrl: string): Promise<PaidPayment> {
  const undecided = ["preparing", "waiting", "checking", "placing"];
  const payment = await until(
    () => send<PaidPayment>("GET", statusUrl),
    ({ status }) => !undecided.includes(status),
    { seconds: paidWithinSeconds },
  );
  if (payment.status !== "paid") throw new Error(`The payment is ${payment.status}, not paid.`);
  return payment;
}

/** Refunds a part, as staff. Returns what the books say then. */
async function refund(
  admin: Api,
  order: Order,
  amount: number,
  tell: Tell,
): Promise<Pick<Purchase, "total" | "captured" | "refunded" | "refund_reference">> {
  const { total, payment } = await booksOf(admin, order);
  await admin("POST", `/payments/${payment.id}/refund`, { amount });
  const { payment: after } = await booksOf(admin, order);
  const { payments } = await admin<{ payments: { refunds: { refund_reference: string }[] }[] }>(
    "GET",
    `/seqr/orders/${order.id}`,
  );
  const { refund_reference } = found(payments[0]?.refunds[0]);
  tell("Refund", `${decimal(amount)} SEK, SEQR reference ${refund_reference}`);
  return {
    total: decimal(total),
    captured: decimal(sum(after.captures)),
    refunded: decimal(sum(after.refunds)),
    refund_reference,
  };
}

/** What Medusa's books say of an order's payment. */
async function booksOf(admin: Api, { id }: Order): Promise<{ total: number; payment: BookedPayment }> {
  const fields = "*payment_collections.payments.captures,*payment_collections.payments.refunds";
  const { order } = await admin<{
    order: { total: number; payment_collections: { payments: BookedPayment[] }[] };
  }>("GET", `/orders/${id}?fields=${encodeURIComponent(fields)}`);
  return { total: order.total, payment: found(order.payment_collections[0]?.payments[0]) };
}

function sum(entries: { amount: number }[]): number {
  return entries.reduce((total, { amount }) => total + Math.round(amount * 100), 0) / 100;
}

/** Medusa's amounts are numbers in JSON. */
function decimal(amount: number | string): string {
  return Number(amount).toFixed(2);
}

/** What the store must have: the seed has made it. */
function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The store lacks what its seed makes.");
  return value;
}
