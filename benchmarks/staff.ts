// Whether shoppers wait longer while staff look at pages that stay true by asking again and again.
import { setTimeout as sleep } from "node:timers/promises";
import { CALM, LIVE } from "../src/admin/lib/live";
import type { Api } from "../testkit/http";
import { withRunningShop, type RunningShop } from "./bench-store";
import { completionBeside } from "./beside";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { loseNotifications, paidCompletion, shopAt } from "./shopper";
import { adminOf } from "./staff-api";

export const name = "staff";
export const title = "Staff who look";
const PEOPLE = 20;
const ENTRIES = 100;
const rounds = 60;
const warmUp = 15;
const LIMIT = 1.1;
export const method =
  `${PEOPLE} members of staff, half of them with the attention list open (${ENTRIES} entries) and half with an order. Each page asks every ` +
  `${LIVE / 1_000} seconds, and the number in the menu every ${CALM / 1_000} seconds, as the admin does while a page is visible. Meanwhile \`POST /store/carts/:id/complete\` of carts paid through SEQR, as in ` +
  `_Cart completion_; ${rounds} pairs, in turns beside them and without them, after ${warmUp} pairs to warm up.`;

export async function run(bench: Bench): Promise<Result[]> {
  return withRunningShop(bench, { prepare: loseNotifications }, async (shop) => [await measure(shop)]);
}

async function measure(shop: RunningShop): Promise<Result> {
  const { store, server, sandbox, seeded } = shop;
  const admin = await adminOf(server.url);
  await paidCompletion(shopAt(server.url, seeded), seeded, sandbox);
  const [order] = await store.sql<{ id: string }>('select id from "order" order by created_at desc limit 1');
  await fillList(shop);
  const list = "/seqr/attention?limit=20&needs=person";
  const pages = [list, `/seqr/orders/${order?.id}`];
  try {
    return await completionBeside(shop, {
      ...{ measured: `Cart completion beside ${PEOPLE} members of staff`, against: "without them" },
      ...{ limit: LIMIT, rounds, warmUp, begin: async () => look(admin, pages, list.replace("20", "1")) },
    });
  } finally {
    await store.sql("delete from seqr_invoice where id like 'listed_%'");
  }
}

/** Payments that need a person. */
async function fillList({ store: { sql } }: RunningShop): Promise<void> {
  await sql(
    `insert into seqr_invoice (id, session_id, payment_collection_id, cart_id, token_hash, notification_token_hash, terminal_id,
       client_invoice_id, invoice_reference, ers_reference, amount, currency_code, state, problem, state_since, expires_at)
     select 'listed_' || n, 'listed_' || n, 'listed_' || n, 'listed_' || n, 'token_' || n, 'notification_' || n, 'bench',
       'listed_' || n, 'listed_' || n, 'listed_' || n, '100.00', 'SEK', 'completed', 'SEQR_ORDER_TOTAL_DIFFERS', now(), now()
     from generate_series(1, $1::int) n`,
    [ENTRIES],
  );
}

/**
 * Has everybody look.
 *
 * @param pages what the pages ask for, one for each person in turn
 * @param number what the menu asks for
 * @returns a function after which nobody looks
 */
function look(admin: Api, pages: readonly string[], number: string): () => Promise<void> {
  let isOver = false;
  const watch = async (person: number): Promise<void> => {
    await sleep((person * LIVE) / PEOPLE);
    for (let turn = person; !isOver; turn++) {
      const asked = performance.now();
      await admin("GET", pages[person % pages.length] ?? number);
      if (turn % (CALM / LIVE) === 0) await admin("GET", number);
      await sleep(Math.max(0, LIVE - (performance.now() - asked)));
    }
  };
  const people = Promise.all(Array.from({ length: PEOPLE }, (_, person) => watch(person)));
  return async () => {
    isOver = true;
    await people;
  };
}
