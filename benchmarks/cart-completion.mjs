// How long POST /store/carts/:id/complete takes when the cart is paid through SEQR, beside Medusa's own pp_system_default.
// The invoice has just been paid and nobody has told the store, so that the completion has to find out by itself: the
// longest way that it can take.
import { setTimeout as sleep } from "node:timers/promises";
import { send } from "../demo/http.mjs";
import { STAFF } from "../tools/store.mjs";
import { startSandbox } from "../tools/sandbox-process.mjs";
import { completion, filledCart, loseNotifications, paidCompletion, REST, shopAt } from "./shopper.mjs";
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
  "authorizes, asks nobody and captures nothing. _With its capture_ adds the request by which staff have Medusa capture " +
  "such a payment (`POST /admin/payments/:id/capture`): what the store's books then hold is the same. Completions that " +
  "the watch had already prepared are left out. " +
  `${rounds} pairs, in turns, after ${warmUp} pairs to warm up. Milliseconds as the caller sees them.`;

/** @returns {Promise<import("./report.mjs").Result[]>} */
export async function run({ store, say }) {
  const { directory, seeded } = await store.get();
  const sandbox = await startSandbox(directory);
  let server;
  try {
    await loseNotifications(sandbox);
    say("Starting the store");
    server = await store.start({ env: { SEQR_ENDPOINT: sandbox.endpoint } });
    const shop = shopAt(server.url, seeded);
    const sessions = [];
    const seqr = async () => {
      const { milliseconds, session } = await paidCompletion(shop, seeded, sandbox);
      sessions.push(session.id);
      return milliseconds;
    };
    const capture = await staffCapture(server.url);
    const captures = [];
    const other = async () => {
      const { cart } = await filledCart(shop, seeded, "pp_system_default");
      await sleep(REST);
      const milliseconds = await completion(shop, cart);
      await sleep(REST);
      captures.push(await capture());
      return milliseconds;
    };
    const onRound = (round) => round % 10 === 0 && say(`${round} of ${rounds} pairs`);
    const numbers = await inTurns([seqr, other], { rounds, warmUp, onRound });
    const byCompletion = await observedByCompletion(store, sessions.slice(warmUp));
    const [ours, others, captured] = [...numbers, captures.slice(warmUp)].map((times) =>
      times.filter((_, round) => byCompletion[round]),
    );
    const bookedToo = others.map((milliseconds, round) => milliseconds + captured[round]);
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
      {
        measured: "The same",
        against: "through `pp_system_default`, with its capture",
        limit: 1.15,
        ratios: ratiosOf(ours, bookedToo),
        typical: [median(ours), median(bookedToo)],
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

/** @returns a function that captures the newest order's payment, as staff; it gives the milliseconds */
async function staffCapture(url) {
  const { token } = await send("POST", `${url}/auth/user/emailpass`, { body: STAFF });
  const headers = { authorization: `Bearer ${token}` };
  return async () => {
    const newest = "fields=id,payment_collections.payments.id&limit=1&order=-created_at";
    const { orders } = await send("GET", `${url}/admin/orders?${newest}`, { headers });
    const [{ id }] = orders[0].payment_collections[0].payments;
    const started = performance.now();
    await send("POST", `${url}/admin/payments/${id}/capture`, { headers, body: {} });
    return performance.now() - started;
  };
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
