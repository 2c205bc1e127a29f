// How soon a notification is answered, beside a route that inserts one row, and how soon SEQR then gets its
// acknowledgement, beside the completion of a cart.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { send, until, type Api } from "../testkit/http";
import type { SandboxProcess } from "../testkit/sandbox";
import type { Seeded } from "../testkit/store";
import { withRunningShop, type BenchStore, type RunningShop } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { completion, filledCart, pay, REST, shopAt, type Session } from "./shopper";
import { inTurns, median, quantile, ratiosOf } from "./statistics";

export const name = "notification";
export const title = "A notification";
const perSecond = 50;
const perBlock = 50;
const blocks = 5;
const rounds = 40;
const warmUp = 10;
export const method =
  "A real Medusa over HTTP, with a real PostgreSQL that flushes to disk, and the sandbox in a process of its own. " +
  `_Answering_: ${blocks} blocks of ${perBlock} notifications, ${perSecond} per second whether or not earlier ones are ` +
  "answered, and as many blocks of as many requests to a route of the benchmark's own that inserts one row through " +
  "Medusa's connection to the database; in turns, every other time the other one first, after one block of each to warm " +
  "up. Each notification is for an invoice of its own, of a cart of its own, which is open and not paid: what goes on " +
  "behind the answer is the processing, which tries to complete the cart, which costs more than one that succeeds. A new " +
  "block begins when the processing of the last block is done. Compared is the 99th percentile, block by block. " +
  "_Acknowledging_: from SEQR's notification of a payment to `getPaymentStatus`, both on the sandbox's clock, beside " +
  "`POST /store/carts/:id/complete` of the same cart with `pp_system_default`. " +
  `${rounds} pairs, in turns, after ${warmUp} pairs to warm up. Payments that the watch had found first are left out.`;

/** Carts that are filled at once. */
const FILLED_AT_ONCE = 4;
const ROUTE = "src/api/bench/insert";

export async function run(bench: Bench): Promise<Result[]> {
  const { store } = bench;
  const { directory } = await store.get();
  try {
    await store.sql(
      "create table if not exists bench_insert (id bigserial primary key, taken_at timestamptz)",
    );
    await mkdir(join(directory, ROUTE), { recursive: true });
    const route = join(__dirname, "notification", "insert-route.js");
    await copyFile(route, join(directory, ROUTE, "route.js"));
    return await withRunningShop(bench, {}, async (running) => [
      await answering(running),
      await acknowledging(running),
    ]);
  } finally {
    await rm(join(directory, "src/api/bench"), { recursive: true, force: true });
    await store.sql("drop table if exists bench_insert");
  }
}

async function answering({ store, server, sandbox, seeded, say }: RunningShop): Promise<Result> {
  const shop = shopAt(server.url, seeded);
  const ours: number[][] = [];
  const others: number[][] = [];
  const bare = Array.from({ length: perBlock }, () => `${server.url}/bench/insert`);
  for (let block = -1; block < blocks; block++) {
    const sessions = await openPayments(shop, seeded);
    const addresses = await notificationUrls(sandbox, sessions);
    const notify = async (): Promise<void> => {
      ours.push(await answerTimes(addresses));
      await idle(store);
    };
    const insert = async (): Promise<void> => void others.push(await answerTimes(bare));
    for (const act of block % 2 ? [notify, insert] : [insert, notify]) {
      await sleep(REST);
      await act();
    }
    // Nobody is going to pay them: the watch shall not ask for them for ever.
    await store.sql("update seqr_invoice set state = 'canceled', due_at = null where state = 'open'");
    if (block >= 0) say(`${block + 1} of ${blocks} blocks`);
  }
  const p99 = (times: number[][]): number[] => times.slice(1).map((block) => quantile(block, 0.99));
  return {
    measured: `A notification answered, at ${perSecond} per second (99th percentile)`,
    against: "a route that inserts one row",
    limit: 2,
    ratios: ratiosOf(p99(ours), p99(others)),
    typical: [median(p99(ours)), median(p99(others))],
    unit: `ms, ${blocks} blocks of ${perBlock}`,
  };
}

async function acknowledging({ store, server, sandbox, seeded, say }: RunningShop): Promise<Result> {
  const shop = shopAt(server.url, seeded);
  const invoices: string[] = [];
  const notified = async (): Promise<number> => {
    const { session } = await filledCart(shop, seeded, "pp_seqr_seqr");
    await sleep(REST);
    await pay(sandbox, session);
    await until(
      () => stateOf(store, session),
      (state) => state === "completed",
      { seconds: 30 },
    );
    invoices.push(session.data.invoice_reference);
    const { notifiedAt, acknowledgedAt } = await sandbox.timesOf(session.data.invoice_reference);
    return acknowledgedAt - notifiedAt;
  };
  const completed = async (): Promise<number> => {
    const { cart } = await filledCart(shop, seeded, "pp_system_default");
    await sleep(REST);
    return completion(shop, cart);
  };
  const onRound = (round: number): void => {
    if (round % 10 === 0) say(`${round} of ${rounds} pairs`);
  };
  const times = await inTurns({ notified, completed }, { rounds, warmUp, onRound });
  const byNotification = await foundByCompletion(store, invoices.slice(warmUp));
  const counting = (all: number[]): number[] => all.filter((_, round) => byNotification[round]);
  const [ours, others] = [counting(times.notified), counting(times.completed)];
  if (ours.length < rounds) say(`${rounds - ours.length} pairs left out: the watch was faster`);
  return {
    measured: "From notification to acknowledgement",
    against: "one cart completion (`pp_system_default`)",
    limit: 1.2,
    ratios: ratiosOf(ours, others),
    typical: [median(ours), median(others)],
    unit: `ms, ${ours.length} pairs`,
  };
}

/** Open payments of as many carts as a block has notifications. */
async function openPayments(shop: Api, seeded: Seeded): Promise<Session[]> {
  const sessions: Session[] = [];
  const fillOne = async (): Promise<void> => {
    sessions.push((await filledCart(shop, seeded, "pp_seqr_seqr")).session);
  };
  // Medusa cannot make one customer in two requests at once.
  await fillOne();
  let open = perBlock - 1;
  const fill = async (): Promise<void> => {
    while (open-- > 0) await fillOne();
  };
  await Promise.all(Array.from({ length: FILLED_AT_ONCE }, fill));
  return sessions;
}

async function notificationUrls(sandbox: SandboxProcess, sessions: Session[]): Promise<string[]> {
  const invoices = await Promise.all(
    sessions.map(({ data }) =>
      send<{ invoice: { notificationUrl: string } }>(
        "GET",
        `${sandbox.url}/sandbox/invoices/${data.invoice_reference}`,
      ),
    ),
  );
  return invoices.map(({ invoice }) => invoice.notificationUrl);
}

/** Sends one request after the other, on time. @returns milliseconds to the whole answer of each */
async function answerTimes(urls: string[]): Promise<number[]> {
  const begin = performance.now() + 50;
  return Promise.all(
    urls.map(async (url, place) => {
      await sleep(begin + (place * 1000) / perSecond - performance.now());
      const started = performance.now();
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "invoiceReference=1&clientInvoiceId=1",
      });
      await answer.text();
      if (!answer.ok) throw new Error(`The store answered HTTP ${answer.status}`);
      return performance.now() - started;
    }),
  );
}

/** Waits until no payment is being processed. */
async function idle(store: BenchStore): Promise<void> {
  const busy = "select 1 from seqr_invoice where lease_owner is not null limit 1";
  await until(
    () => store.sql(busy),
    (rows) => rows.length === 0,
    { seconds: 120, every: 500 },
  );
}

async function stateOf(store: BenchStore, { id }: Session): Promise<string | undefined> {
  const [row] = await store.sql<{ state: string }>("select state from seqr_invoice where session_id = $1", [
    id,
  ]);
  return row?.state;
}

/** Whether it was the completion after the notification that learned of the payment, for each of the invoices. */
async function foundByCompletion(store: BenchStore, references: string[]): Promise<boolean[]> {
  const rows = await store.sql<{ invoice_reference: string; source: string }>(
    `select i.invoice_reference, o.source from seqr_observation o join seqr_invoice i on i.id = o.invoice_id
      where o.status = 'PAID' and i.invoice_reference = any($1)`,
    [references],
  );
  const sources = new Map(rows.map(({ invoice_reference, source }) => [invoice_reference, source]));
  return references.map((reference) => sources.get(reference) === "completion");
}
