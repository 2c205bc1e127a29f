// What the reconciliation of a large period costs, beside the least that a comparison has to do, and whether its results can be read
// at once.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PUBLIC_TEST_TERMINAL } from "../src/sandbox/options";
import { send, type Api } from "../testkit/http";
import { withRunningShop, type Database, type RunningShop, type Sql } from "./bench-store";
import { completionBeside } from "./beside";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { loseNotifications } from "./shopper";
import { adminOf } from "./staff-api";
import { inTurns, median, ratiosOf } from "./statistics";

export const name = "books";
export const title = "The books";
const PAYMENTS = 1_000_000;
const ROWS = 100_000;
const FEW = 100;
const rounds = 3;
const pages = 20;
const warmUp = 3;
const completions = 16;
/** Seconds after which a completion begins, so that they fall on all parts of a reconciliation. */
const PARTS = 8;
/** What a period of that size may take, and how much memory. */
const SECONDS = 20;
const MEBIBYTES = 200;
export const method =
  `A period of ${ROWS.toLocaleString("en")} rows, each of another payment, in a ledger of ${PAYMENTS.toLocaleString("en")} payments with as ` +
  "many payments and captures in Medusa, in a real PostgreSQL that flushes to disk. The store's server reconciles it as its job does, " +
  `${rounds} times: every time all items are written anew. Beside it in the same server, in turns, _the bare cost_: reading the rows with one ` +
  "index join on the ledger, in one statement. The limits of time and memory are those that the project sets itself " +
  `(${SECONDS} seconds, ${MEBIBYTES} MiB); memory (RSS, every 10 ms) is the most during the first reconciliation, less that of the idle server before it. _First page_ is ` +
  `\`GET /admin/seqr/periods/<id>/items\` with 50 items, beside the same of a period of ${FEW} rows; ${pages} pairs, in turns. ` +
  `_Cart completion_ is that of carts paid through SEQR (see there), while the same server reconciles that period; ${completions} pairs, in turns.`;

const ROUTE = "src/api/bench/reconcile";
const RESELLER = "bench-shop";
const ENDPOINT_IN_ROWS = "endpoint";

/** What the route in the store gives. */
interface Measured {
  found: number;
  milliseconds: number;
  before: number;
  most: number;
}

export async function run(bench: Bench): Promise<Result[]> {
  const { store, say } = bench;
  const { directory } = await store.get();
  const database = await store.copy("books");
  try {
    await mkdir(join(directory, ROUTE), { recursive: true });
    await copyFile(join(__dirname, "books", "reconcile-route.js"), join(directory, ROUTE, "route.js"));
    say(`Filling a database with ${PAYMENTS} payments`);
    await fill(database.sql);
    const terminals = {
      bench: { terminalId: "bench", reseller: { id: RESELLER, password: "bench" } },
      // Carts are completed through the usual one.
      seqr: { terminalId: PUBLIC_TEST_TERMINAL.id },
    };
    const env = {
      DATABASE_URL: database.url,
      SEQR_TERMINAL_ID: undefined,
      SEQR_TERMINALS: JSON.stringify(terminals),
    };
    return await withRunningShop(bench, { env, prepare: loseNotifications }, async (shop) => {
      const { server, sandbox } = shop;
      const { sql } = database;
      // The account is at the sandbox's address.
      await sql("update seqr_period set endpoint = $1 where endpoint = $2", [
        sandbox.endpoint,
        ENDPOINT_IN_ROWS,
      ]);
      return [
        ...(await reconciling(server.url, database, say)),
        await firstPage(server.url, say),
        await completing(shop),
      ];
    });
  } finally {
    await rm(join(directory, "src/api/bench"), { recursive: true, force: true });
    await database.drop();
  }
}

async function reconciling(url: string, { sql }: Database, say: Bench["say"]): Promise<Result[]> {
  const all: Measured[] = [];
  const ask = (bare: boolean): Promise<Measured> =>
    send<Measured>("POST", `${url}/bench/reconcile`, { body: { period: "many", bare } });
  const times = await inTurns(
    {
      ours: async () => {
        const measured = await ask(false);
        if (measured.found !== 1) throw new Error(`${measured.found} periods were reconciled`);
        all.push(measured);
        say(`reconciled in ${(measured.milliseconds / 1_000).toFixed(1)} s`);
        await checkItems(sql);
        return measured.milliseconds;
      },
      bare: async () => (await ask(true)).milliseconds,
    },
    { rounds },
  );
  await send("POST", `${url}/bench/reconcile`, { body: { period: "few", bare: false } });
  const { before, most } = all[0] ?? { before: NaN, most: NaN };
  const grown = (most - before) / 2 ** 20;
  const seconds = times.ours.map((milliseconds) => milliseconds / 1_000);
  const what = `Reconciling ${ROWS.toLocaleString("en")} rows with ${PAYMENTS.toLocaleString("en")} payments`;
  return [
    {
      ...{
        measured: what,
        against: `${SECONDS} seconds`,
        limit: 1,
        ratios: seconds.map((time) => time / SECONDS),
      },
      ...{ typical: [median(seconds), SECONDS], unit: `s, ${rounds} times` },
    },
    {
      ...{ measured: what, against: "reading the rows with one index join", limit: 40 },
      ...{ ratios: ratiosOf(times.ours, times.bare), typical: [median(times.ours), median(times.bare)] },
      unit: `ms, ${rounds} pairs`,
    },
    {
      ...{ measured: "Its memory, above the idle server's", against: `${MEBIBYTES} MiB`, limit: 1 },
      ...{ ratios: [grown / MEBIBYTES], typical: [grown, MEBIBYTES], unit: "MiB" },
    },
  ];
}

/** Completes carts while a period is reconciled. */
async function completing(shop: RunningShop): Promise<Result> {
  shop.say("Completing carts");
  return completionBeside(shop, {
    ...{ measured: "Cart completion while that period is reconciled", against: "without it", limit: 2 },
    ...{ rounds: completions, warmUp },
    begin: async (round) => {
      const body = { period: "many", bare: false };
      const reconciled = send<Measured>("POST", `${shop.server.url}/bench/reconcile`, { body });
      await sleep((round % PARTS) * 1_000);
      return async () => void (await reconciled);
    },
  });
}

/** A reconciliation that does less than it should is not measured. */
async function checkItems(sql: Sql): Promise<void> {
  const rows = await sql<{ class: string; count: number }>(
    "select class, count(*)::int as count from seqr_reconciliation_item where period_id = 'many' group by class",
  );
  const found = JSON.stringify(rows);
  if (found !== JSON.stringify([{ class: "agrees", count: ROWS }]))
    throw new Error(`The period of ${ROWS} rows was not reconciled: ${found}`);
}

async function firstPage(url: string, say: Bench["say"]): Promise<Result> {
  const admin = await adminOf(url);
  say("Reading pages");
  const { many, few } = await inTurns(
    { many: () => pageTime(admin, "many", ROWS), few: () => pageTime(admin, "few", FEW) },
    { rounds: pages, warmUp },
  );
  return {
    ...{
      measured: `The first page of ${ROWS.toLocaleString("en")} results`,
      against: `of ${FEW} results`,
      limit: 5,
    },
    ...{ ratios: ratiosOf(many, few), typical: [median(many), median(few)], unit: `ms, ${pages} pairs` },
  };
}

async function pageTime(admin: Api, period: string, count: number): Promise<number> {
  const started = performance.now();
  const page = await admin<{ items: unknown[]; count: number }>(
    "GET",
    `/seqr/periods/${period}/items?limit=50`,
  );
  const milliseconds = performance.now() - started;
  if (page.items.length !== 50 || page.count !== count)
    throw new Error(`A page has ${page.items.length} of ${page.count} items`);
  return milliseconds;
}

/** A ledger and Medusa's records of many payments, one a second, and two periods: of the last ones, and of few before them. */
async function fill(sql: Sql): Promise<void> {
  const end = `timestamptz '${new Date().toISOString()}'`;
  const moments = `(select n, ${end} - (${PAYMENTS} - n) * interval '1 second' as moment from generate_series(1, $1::int) n) as paid`;
  const raw = `'{"value": "100", "precision": 20}'`;
  await sql(
    `insert into payment_collection (id, currency_code, amount, raw_amount, status)
     select 'collection_' || n, 'sek', 100, ${raw}, 'completed' from ${moments}`,
    [PAYMENTS],
  );
  await sql(
    `insert into payment_session (id, currency_code, amount, raw_amount, provider_id, data, status, payment_collection_id)
     select 'session_' || n, 'sek', 100, ${raw}, 'pp_seqr_bench', '{}', 'captured', 'collection_' || n from ${moments}`,
    [PAYMENTS],
  );
  await sql(
    `insert into payment (id, amount, raw_amount, currency_code, provider_id, data, captured_at, payment_collection_id, payment_session_id)
     select 'payment_' || n, 100, ${raw}, 'sek', 'pp_seqr_bench', '{}', moment, 'collection_' || n, 'session_' || n from ${moments}`,
    [PAYMENTS],
  );
  await sql(
    `insert into capture (id, amount, raw_amount, payment_id)
     select 'capture_' || n, 100, ${raw}, 'payment_' || n from ${moments}`,
    [PAYMENTS],
  );
  await sql(
    `insert into seqr_invoice (id, session_id, payment_collection_id, cart_id, order_id, token_hash, notification_token_hash, terminal,
       terminal_id, client_invoice_id, invoice_reference, ers_reference, amount, currency_code, state, state_since, expires_at, paid_at)
     select 'invoice_' || n, 'session_' || n, 'collection_' || n, 'cart_' || n, 'order_' || n, 'token_' || n, 'notification_' || n,
       'bench', 'bench', 'client_' || n, 'reference_' || n, 'ers_' || n, '100.00', 'SEK', 'completed', moment, moment, moment
     from ${moments}`,
    [PAYMENTS],
  );
  const until = { few: PAYMENTS - ROWS, many: PAYMENTS };
  const from = { few: PAYMENTS - ROWS - FEW, many: PAYMENTS - ROWS };
  for (const id of ["few", "many"] as const) {
    const at = `${end} - (${PAYMENTS} - $3::int) * interval '1 second'`;
    await sql(
      `insert into seqr_period (id, endpoint, reseller_id, scope, state, transaction_period_id, opened_at, requested_at, marked_at, reported_at)
       select $1, $2, $5, 'bench', 'reconciled', $1, ${at.replace("$3", "$4")}, ${at}, ${at}, ${at}`,
      [id, ENDPOINT_IN_ROWS, until[id], from[id], RESELLER],
    );
    await sql(
      `insert into seqr_report_row (id, period_id, row_number, terminal_id, amount, ers_reference)
       select 'row_' || n, $1::text, n - $2::int, 'bench', '100.00', 'ers_' || n from generate_series($2::int + 1, $3::int) n`,
      [id, from[id], until[id]],
    );
  }
  await sql("analyze");
}
