// How long POST /store/carts/:id/complete takes when the cart is paid through SEQR, beside Medusa's own pp_system_default.
// The invoice has just been paid and nobody has told the store, so that the completion has to find out by itself: the
// longest way that it can take.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { send, until } from "../demo/http.mjs";
import { freePort } from "../tools/free-port.mjs";
import { inTurns, median, ratiosOf } from "./statistics.mjs";

export const name = "cart-completion";
export const title = "Cart completion";
const rounds = 60;
const warmUp = 15;
export const method =
  "`POST /store/carts/:id/complete` of a real Medusa over HTTP, with a real PostgreSQL that flushes to disk, and the " +
  "sandbox in a process of its own. The same cart (two mugs, a notebook, a parcel) with a session of `pp_seqr_seqr` or " +
  "of `pp_system_default`. The SEQR invoice is paid just before, and SEQR's notification is lost, so that the " +
  "completion itself asks SEQR, writes the answer down, and has Medusa record the capture; Medusa's own provider only " +
  "authorizes, asks nobody and captures nothing. Completions that the watch had already prepared are left out. " +
  `${rounds} pairs, in turns, after ${warmUp} pairs to warm up. Milliseconds as the caller sees them.`;

/** Milliseconds before each completion, so that what earlier requests left to be done in the background is done. */
const rest = 400;
const CART = { MUG: 2, "NOTE-A5": 1 };
const ADDRESS = {
  first_name: "Astrid",
  last_name: "Berg",
  address_1: "Storgatan 1",
  postal_code: "111 22",
  city: "Stockholm",
  country_code: "se",
};

/** @returns {Promise<import("./report.mjs").Result[]>} */
export async function run({ store, say }) {
  const { directory, seeded } = await store.get();
  const sandbox = await startSandbox(directory);
  let server;
  try {
    await send("POST", `${sandbox.url}/sandbox/faults`, {
      body: { operation: "notification", kind: "lost", times: 1_000_000 },
    });
    say("Starting the store");
    server = await store.start({ env: { SEQR_ENDPOINT: sandbox.endpoint } });
    const shop = shopAt(server.url, seeded);
    const sessions = [];
    const seqr = async () => {
      const { cart, session } = await filledCart(shop, seeded, "pp_seqr_seqr");
      sessions.push(session.id);
      await sleep(rest);
      await send("POST", `${sandbox.url}/sandbox/phone/pay`, { body: { reference: session.data.qr_text } });
      return completion(shop, cart);
    };
    const other = async () => {
      const { cart } = await filledCart(shop, seeded, "pp_system_default");
      await sleep(rest);
      return completion(shop, cart);
    };
    const onRound = (round) => round % 10 === 0 && say(`${round} of ${rounds} pairs`);
    const numbers = await inTurns([seqr, other], { rounds, warmUp, onRound });
    const byCompletion = await observedByCompletion(store, sessions.slice(warmUp));
    const [ours, others] = numbers.map((times) => times.filter((_, round) => byCompletion[round]));
    if (ours.length < rounds) say(`${rounds - ours.length} pairs left out: the watch was faster`);
    return [
      {
        measured: "Cart completion through SEQR",
        against: "through `pp_system_default`",
        limit: 1.15,
        ratios: ratiosOf(ours, others),
        typical: [median(ours), median(others)],
        unit: `ms, ${ours.length} pairs`,
      },
    ];
  } catch (error) {
    if (server) say(`The last that the store has printed:\n${server.output().slice(-5_000)}`);
    throw error;
  } finally {
    await server?.stop();
    await sandbox.stop();
  }
}

/** Milliseconds from the request to the whole answer. */
async function completion(shop, cart) {
  const started = performance.now();
  const { type, error } = await shop("POST", `/carts/${cart.id}/complete`);
  const milliseconds = performance.now() - started;
  if (type !== "order") throw new Error(`The cart did not become an order: ${error?.message}`);
  return milliseconds;
}

function shopAt(url, { publishable_key }) {
  const headers = { "x-publishable-api-key": publishable_key };
  return (method, path, body) => send(method, `${url}/store${path}`, { headers, body });
}

/** A cart with everything but the payment, and its payment session. */
async function filledCart(shop, { region_id, variants }, provider_id) {
  const { cart } = await shop("POST", "/carts", {
    region_id,
    email: "astrid@example.com",
    shipping_address: ADDRESS,
    billing_address: ADDRESS,
    items: Object.entries(CART).map(([sku, quantity]) => ({ variant_id: variants[sku], quantity })),
  });
  const { shipping_options } = await shop("GET", `/shipping-options?cart_id=${cart.id}`);
  await shop("POST", `/carts/${cart.id}/shipping-methods`, { option_id: shipping_options[0].id });
  const { payment_collection: collection } = await shop("POST", "/payment-collections", { cart_id: cart.id });
  const path = `/payment-collections/${collection.id}/payment-sessions`;
  const { payment_collection } = await shop("POST", path, { provider_id });
  const session = payment_collection.payment_sessions.find((found) => found.provider_id === provider_id);
  return { cart, session };
}

/** Whether it was the completion that learned of the payment, for each of the sessions. */
async function observedByCompletion(store, sessions) {
  const rows = await store.sql(
    `select i.session_id, o.source from seqr_observation o join seqr_invoice i on i.id = o.invoice_id
      where o.status = 'PAID' and i.session_id = any($1)`,
    [sessions],
  );
  const sources = new Map(rows.map(({ session_id, source }) => [session_id, source]));
  return sessions.map((session) => sources.get(session) === "completion");
}

/** The sandbox as a process of its own, from the package that the store has installed. */
async function startSandbox(directory) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const cli = "node_modules/medusa-payment-seqr/.medusa/server/src/sandbox/cli.js";
  const args = [join(directory, cli), "sandbox", "--port", String(port)];
  const endWithParent = new URL("../tools/end-with-parent.mjs", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", endWithParent, ...args], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async () => {
    child.kill();
    await ended;
  };
  try {
    const about = () => send("GET", `${url}/sandbox`).catch(() => undefined);
    const { endpoint } = await until(about, (answer) => answer !== undefined, { seconds: 20 });
    return { url, endpoint, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
