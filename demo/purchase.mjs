// One purchase and one partial refund, through the public HTTP APIs alone: the shopper's part through the store API, the
// phone's through the sandbox's control API, the staff's through the admin API.
import { toString as qrCode } from "qrcode";
import { send, until } from "./http.mjs";

const ADDRESS = {
  first_name: "Astrid",
  last_name: "Berg",
  address_1: "Storgatan 1",
  postal_code: "111 22",
  city: "Stockholm",
  country_code: "se",
};
const WANTED = { MUG: 1, "COFFEE-500": 2 };
/** What goes back: one mug. */
const REFUND_SKU = "MUG";
const PROVIDER = "pp_seqr_seqr";
const paidWithinSeconds = 30;

/**
 * @param demo what startDemo gives
 * @param tell receives what happened: `tell(name, text)`, and `tell(undefined, lines)` for a picture
 * @returns what `--once` prints
 */
export async function buyAndRefund({ store, sandbox, seeded, staff }, tell) {
  const shop = apiOf(`${store.url}/store`, { "x-publishable-api-key": seeded.publishable_key });
  const phone = apiOf(`${sandbox.url}/sandbox/phone`);

  const { cart, refundAmount } = await fillCart(shop, tell);

  const started = Date.now();
  const session = await startPayment(shop, cart);
  const { invoice_reference, qr_text, deep_link, page_url } = session.data;
  tell("Payment session", `${PROVIDER}, SEQR invoice ${invoice_reference}`);
  tell(undefined, await qrCode(qr_text, { type: "utf8", errorCorrectionLevel: "M", margin: 4 }));
  tell("Phone page", deep_link);

  const bill = await phone("POST", "/scan", { reference: qr_text });
  tell("Phone", `scans: ${bill.shop}, ${amountOf(bill.invoice.totalAmount)}`);
  await phone("POST", "/pay", { reference: qr_text, pin: "1234" });
  tell("Phone", "confirms with the PIN and pays");

  const paid = await paymentOf(`${page_url}/status`);
  const seconds = (Date.now() - started) / 1000;
  const { order, ers_reference } = paid;
  tell("Order", `#${order.display_id} (${order.id}), ${seconds.toFixed(1)} s after the code was asked for`);
  tell("ersReference", ers_reference);

  const books = await refund({ store, staff, order, refundAmount, tell });
  const calls = await apiOf(`${sandbox.url}/sandbox`)("GET", "/calls");
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
async function fillCart(shop, tell) {
  const { regions } = await shop("GET", "/regions");
  const region = regions.find(({ currency_code }) => currency_code === "sek");
  tell("Region", `${region.name}, ${region.currency_code.toUpperCase()}`);

  const { products } = await shop(
    "GET",
    `/products?region_id=${region.id}&fields=*variants.calculated_price`,
  );
  const variants = products.flatMap((product) =>
    product.variants.map((variant) => ({ product, ...variant })),
  );
  const chosen = Object.entries(WANTED).map(([sku, quantity]) => ({
    ...variants.find((variant) => variant.sku === sku),
    quantity,
  }));
  const { cart: empty } = await shop("POST", "/carts", { region_id: region.id });
  for (const { id, quantity } of chosen)
    await shop("POST", `/carts/${empty.id}/line-items`, { variant_id: id, quantity });
  tell(
    "Cart",
    chosen.map(({ quantity, product, title }) => `${quantity} × ${product.title} (${title})`).join(", "),
  );

  await shop("POST", `/carts/${empty.id}`, {
    email: "astrid.berg@example.com",
    shipping_address: ADDRESS,
    billing_address: ADDRESS,
  });
  tell("Shopper", `${ADDRESS.first_name} ${ADDRESS.last_name}, ${ADDRESS.city}, astrid.berg@example.com`);
  const { shipping_options } = await shop("GET", `/shipping-options?cart_id=${empty.id}`);
  const [option] = shipping_options.sort((one, other) => one.amount - other.amount);
  const { cart } = await shop("POST", `/carts/${empty.id}/shipping-methods`, { option_id: option.id });
  tell("Delivery", `${option.name}, ${decimal(option.amount)} SEK`);
  tell("To pay", `${decimal(cart.total)} SEK`);
  const refunded = chosen.find(({ sku }) => sku === REFUND_SKU);
  return { cart, refundAmount: refunded.calculated_price.calculated_amount };
}

async function startPayment(shop, cart) {
  const { payment_collection: collection } = await shop("POST", "/payment-collections", { cart_id: cart.id });
  const path = `/payment-collections/${collection.id}/payment-sessions`;
  const { payment_collection } = await shop("POST", path, { provider_id: PROVIDER });
  return payment_collection.payment_sessions.find(({ provider_id }) => provider_id === PROVIDER);
}

/** Waits as a payment page does. */
async function paymentOf(statusUrl) {
  const undecided = ["preparing", "waiting", "checking", "placing"];
  const payment = await until(
    () => send("GET", statusUrl),
    ({ status }) => !undecided.includes(status),
    { seconds: paidWithinSeconds },
  );
  if (payment.status !== "paid") throw new Error(`The payment is ${payment.status}, not paid.`);
  return payment;
}

/** Gives a part back, as staff. Returns what the books say then. */
async function refund({ store, staff, order, refundAmount, tell }) {
  const { token } = await send("POST", `${store.url}/auth/user/emailpass`, { body: staff });
  const admin = apiOf(`${store.url}/admin`, { authorization: `Bearer ${token}` });
  const look = async () => {
    const fields = "*payment_collections.payments.captures,*payment_collections.payments.refunds";
    const found = await admin("GET", `/orders/${order.id}?fields=${encodeURIComponent(fields)}`);
    return { total: found.order.total, payment: found.order.payment_collections[0].payments[0] };
  };
  const { total, payment } = await look();
  await admin("POST", `/payments/${payment.id}/refund`, { amount: refundAmount });
  const { payment: after } = await look();
  const { payments } = await admin("GET", `/seqr/orders/${order.id}`);
  const [{ refund_reference }] = payments[0].refunds;
  tell("Refund", `${decimal(refundAmount)} SEK, SEQR reference ${refund_reference}`);
  return {
    total: decimal(total),
    captured: decimal(sum(after.captures)),
    refunded: decimal(sum(after.refunds)),
    refund_reference,
  };
}

function apiOf(base, headers) {
  return (method, path, body) => send(method, `${base}${path}`, { headers, body });
}

function sum(entries) {
  return entries.reduce((total, { amount }) => total + Math.round(amount * 100), 0) / 100;
}

/** Medusa's amounts are numbers in JSON. */
function decimal(amount) {
  return Number(amount).toFixed(2);
}

function amountOf({ value, currency }) {
  return `${decimal(value)} ${currency}`;
}
