// What ten thousand open payment pages cost one Medusa process: memory, and time of those who complete their carts meanwhile.
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Agent, get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { withRunningShop, type BenchStore, type RunningShop } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { loseNotifications, paidCompletion, shopAt } from "./shopper";
import { median, ratiosOf } from "./statistics";

export const name = "event-streams";
export const title = "Open payment pages";
const STREAMS = 10_000;
/** Kilobytes (1,000 bytes) of resident memory that one may take. */
const DEMANDED = 25;
const rounds = 30;
const warmUp = 15;
export const method =
  `${STREAMS.toLocaleString("en")} event streams (\`/seqr/payments/:token/events\`) to one Medusa process in ` +
  "`server` mode, each of an open payment of its own, each a connection of its own, with the signs of life that streams " +
  "get. _Memory_ is what the process holds (RSS) with the streams open for half a minute, less what it held before the " +
  "first; both times after its garbage was collected. _Completion_ is `POST /store/carts/:id/complete` of carts paid through SEQR, as in _Cart completion_: " +
  `${rounds} without streams, half of them before and half of them after, and ${rounds} beside them, after ${warmUp} to ` +
  "warm up. The streams are read by the process that measures.";

/** Streams that are opened at once. */
const AT_ONCE = 50;
/** What the server is started with, so that it can be told to collect its garbage. */
const COLLECTING = `--require ${JSON.stringify(join(__dirname, "event-streams", "collect-garbage.js"))}`;
/** Milliseconds that it takes. */
const COLLECTED = 5_000;
/** Milliseconds, so that every stream has had two signs of life. */
const IDLE_TIME = 30_000;

export async function run(bench: Bench): Promise<Result[]> {
  const env = { MEDUSA_WORKER_MODE: "server", NODE_OPTIONS: COLLECTING };
  const { each, beside, without } = await withRunningShop(
    bench,
    { env, prepare: loseNotifications },
    measure,
  );
  return [
    {
      measured: `Memory of each of ${STREAMS.toLocaleString("en")} open streams`,
      against: `the ${DEMANDED} kB that we demand`,
      limit: 1,
      ratios: [each / DEMANDED],
      typical: [each, DEMANDED],
      unit: "kB",
    },
    {
      measured: "Cart completion beside them",
      against: "without them",
      limit: 1.2,
      ratios: ratiosOf(beside, without),
      typical: [median(beside), median(without)],
      unit: `ms, ${rounds} of each`,
    },
  ];
}

/** Kilobytes of each stream, and the milliseconds of completions beside them and without them. */
async function measure({
  store,
  server: { url, pid },
  sandbox,
  seeded,
  say,
}: RunningShop): Promise<{ each: number; beside: number[]; without: number[] }> {
  const shop = shopAt(url, seeded);
  const completions = async (count: number): Promise<number[]> => {
    const times: number[] = [];
    for (let round = 0; round < count; round++)
      times.push((await paidCompletion(shop, seeded, sandbox)).milliseconds);
    return times;
  };
  let streams: OpenStreams | undefined;
  try {
    say("Completing carts without streams");
    await completions(warmUp);
    const without = await completions(rounds / 2);
    const before = await residentMemory(pid);
    const tokens = await openPayments(store);
    say("Opening the streams");
    streams = await openStreams(url, tokens);
    await sleep(IDLE_TIME);
    const each = ((await residentMemory(pid)) - before) / STREAMS / 1_000;
    say("Completing carts beside the streams");
    const beside = await completions(rounds);
    if (streams.open() !== STREAMS) throw new Error(`Only ${streams.open()} streams were open to the end`);
    streams.close();
    await sleep(IDLE_TIME);
    say("Completing carts without streams");
    without.push(...(await completions(rounds / 2)));
    return { each, beside, without };
  } finally {
    streams?.close();
    await store.sql("delete from seqr_invoice where id like 'stream_%'");
  }
}

/** Open payments as the ledger keeps them. @returns their shoppers' tokens */
async function openPayments({ sql }: BenchStore): Promise<string[]> {
  const tokens = Array.from({ length: STREAMS }, () => randomBytes(32).toString("base64url"));
  const hashes = tokens.map((token) => createHash("sha256").update(token).digest("hex"));
  await sql(
    `insert into seqr_invoice (id, session_id, payment_collection_id, cart_id, token_hash, notification_token_hash,
       terminal_id, client_invoice_id, invoice_reference, amount, currency_code, state, state_since, expires_at, due_at)
     select 'stream_' || n, 'session_' || n, 'collection_' || n, 'cart_' || n, hash, 'notification_' || n, 'terminal',
       'client_' || n, 'reference_' || n, '100.00', 'SEK', 'open', now(), now() + interval '1 day', now() + interval '1 day'
     from unnest($1::text[]) with ordinality as payment (hash, n)`,
    [hashes],
  );
  return tokens;
}

interface OpenStreams {
  /** How many are. */
  open(): number;
  close(): void;
}

/** Opens one stream for each token, and reads them. */
async function openStreams(url: string, tokens: string[]): Promise<OpenStreams> {
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  const answers = new Set<IncomingMessage>();
  const open = (token: string): Promise<void> =>
    new Promise((done, fail) => {
      get(`${url}/seqr/payments/${token}/events`, { agent }, (answer) => {
        if (answer.statusCode !== 200) return fail(new Error(`HTTP ${answer.statusCode}`));
        answers.add(answer);
        answer.on("error", () => {}).once("close", () => answers.delete(answer));
        let heard = "";
        const begun = (chunk: Buffer): void => {
          heard += String(chunk);
          if (!heard.includes("event: payment")) return;
          answer.off("data", begun).resume();
          done();
        };
        answer.on("data", begun);
      }).once("error", fail);
    });
  const waiting = [...tokens];
  const openAll = async (): Promise<void> => {
    for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) await open(token);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openAll));
  return {
    open: () => answers.size,
    close: () => answers.forEach((answer) => answer.destroy()),
  };
}

/** Bytes that a process holds in memory, without garbage. */
async function residentMemory(pid: number): Promise<number> {
  // What was kept for garbage goes with the second collection.
  for (let time = 0; time < 2; time++) {
    process.kill(pid, "SIGUSR2");
    await sleep(COLLECTED);
  }
  const kibibytes = await readFile(`/proc/${pid}/status`, "utf8").then(
    (status) => /^VmRSS:\s*(\d+)/m.exec(status)?.[1],
    async () => (await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)])).stdout,
  );
  return Number(kibibytes) * 1_024;
}
