// How many payments a store completes in a minute, and what more servers and a worker bring. Writes the table of
// docs/operations.md: it helps to plan, and there is nothing that it could be a ratio of.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { format, resolveConfig } from "prettier";
import { send, type Api } from "../testkit/http";
import { root } from "../testkit/root";
import { startSandbox, type SandboxProcess } from "../testkit/sandbox";
import type { RunningStore, Seeded } from "../testkit/store";
import type { BenchStore } from "./bench-store";
import type { Bench } from "./benchmark";
import { machine, type Result } from "./report";
import { completion, filledCart, pay, shopAt } from "./shopper";
import { median, quantile } from "./statistics";

export const name = "sizing";
export const title = "Payments a minute";
/** Shoppers who buy at once, each again and again. */
const SHOPPERS = 12;
const WARM_UP_SECONDS = 30;
const SECONDS = 60;
/** Servers of a store, by their MEDUSA_WORKER_MODE. */
interface Arrangement {
  title: string;
  modes: ("shared" | "server" | "worker")[];
  /** Default: SEQR. */
  provider?: string;
}

const ARRANGEMENTS: Arrangement[] = [
  { title: "one server", modes: ["shared"] },
  { title: "two servers", modes: ["shared", "shared"] },
  { title: "one server and a worker", modes: ["server", "worker"] },
  { title: "two servers and a worker", modes: ["server", "server", "worker"] },
  { title: "one server, `pp_system_default`", modes: ["shared"], provider: "pp_system_default" },
];
export const method =
  `${SHOPPERS} shoppers at once, each again and again: a cart with two products, address and delivery, the payment's start, the ` +
  "phone's payment, and the event stream of the payment until it says that the order is there. With `pp_system_default` they call " +
  `\`complete\` themselves. All over HTTP, on servers in turn; ${SECONDS} seconds after ${WARM_UP_SECONDS} to warm up. A real ` +
  "PostgreSQL that flushes to disk, the sandbox and the shoppers share the machine with the servers. The table is in " +
  "`docs/operations.md`.";

const page = join(root, "docs", "operations.md");
const table = /(<!-- sizing -->)[^]*(<!-- \/sizing -->)/;

/** @returns nothing: see the table */
export async function run({ store, say }: Bench): Promise<Result[]> {
  const found: string[][] = [];
  for (const arrangement of ARRANGEMENTS) {
    say(`Measuring ${arrangement.title}`);
    const measured = await measure(store, arrangement);
    say(rowOf(arrangement, measured).join(", "));
    found.push(rowOf(arrangement, measured));
  }
  await writeTable(found);
  return [];
}

/** What an arrangement does. */
interface Measured {
  perMinute: number;
  /** Milliseconds from paying to the order. */
  waits: number[];
  /** Milliseconds of the store's processors, and calls to SEQR, for one payment. */
  cpu: number;
  calls: number;
}

/** A purchase that is over. */
interface Done {
  at: number;
  milliseconds: number;
}

async function measure(
  store: BenchStore,
  { modes, provider = "pp_seqr_seqr" }: Arrangement,
): Promise<Measured> {
  const { directory, seeded } = await store.get();
  const sandbox = await startSandbox(directory);
  const processes: RunningStore[] = [];
  try {
    for (const mode of modes)
      processes.push(
        await store.start({ env: { SEQR_ENDPOINT: sandbox.endpoint, MEDUSA_WORKER_MODE: mode } }),
      );
    const shops = processes
      .filter((_, number) => modes[number] !== "worker")
      .map(({ url }) => ({ url, shop: shopAt(url, seeded) }));
    const end = performance.now() + (WARM_UP_SECONDS + SECONDS) * 1000;
    const done: Done[] = [];
    const buyAgainAndAgain = async (number: number): Promise<void> => {
      // One after the other: shoppers in step would come to their orders all at once, or not within the time.
      await sleep((number / SHOPPERS) * WARM_UP_SECONDS * 1000);
      for (let round = number; performance.now() < end; round++) {
        const at = shops[round % shops.length];
        if (!at) throw new Error("no server");
        done.push(await buy(at, { seeded, sandbox, provider, number }));
      }
    };
    const after = (seconds: number): Promise<Used> =>
      sleep(seconds * 1000).then(() => count(processes, sandbox));
    const shoppers = Array.from({ length: SHOPPERS }, (_, number) => buyAgainAndAgain(number));
    const [first, last] = await Promise.all([
      after(WARM_UP_SECONDS),
      after(WARM_UP_SECONDS + SECONDS),
      ...shoppers,
    ]);
    const counted = done.filter(({ at }) => at >= first.at && at < last.at);
    return {
      perMinute: (counted.length / (last.at - first.at)) * 60_000,
      waits: counted.map(({ milliseconds }) => milliseconds),
      cpu: (last.cpu - first.cpu) / counted.length,
      calls: (last.calls - first.calls) / counted.length,
    };
  } finally {
    for (const one of processes) await one.stop();
    await sandbox.stop();
  }
}

async function buy(
  { url, shop }: { url: string; shop: Api },
  how: { seeded: Seeded; sandbox: SandboxProcess; provider: string; number: number },
): Promise<Done> {
  const { seeded, sandbox, provider, number } = how;
  const { cart, session } = await filledCart(shop, seeded, provider, `astrid-${number}@example.com`);
  const started = performance.now();
  if (provider === "pp_seqr_seqr") {
    await pay(sandbox, session);
    await ordered(`${url}/seqr/payments/${session.data.token}/events`);
  } else await completion(shop, cart);
  return { at: performance.now(), milliseconds: performance.now() - started };
}

/** Waits for the order as the payment view does. */
async function ordered(address: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.body) throw new Error("The stream has no body");
  let text = "";
  for await (const chunk of answer.body) {
    text += Buffer.from(chunk).toString();
    if (/"order":/.test(text)) return;
  }
  throw new Error(`The stream ended without an order: ${text}`);
}

/** What was used so far: milliseconds of the store's processes, calls to SEQR. */
interface Used {
  at: number;
  cpu: number;
  calls: number;
}

async function count(processes: RunningStore[], sandbox: SandboxProcess): Promise<Used> {
  const pids = processes.map(({ pid }) => pid).join(",");
  const { stdout } = await promisify(execFile)("ps", ["-o", "time=", "-p", pids]);
  const { calls } = await send<{ calls: Record<string, { total: number }> }>(
    "GET",
    `${sandbox.url}/sandbox/stats`,
  );
  return {
    at: performance.now(),
    cpu: stdout.trim().split("\n").map(millisecondsOf).reduce(add, 0),
    calls: Object.values(calls)
      .map(({ total }) => total)
      .reduce(add, 0),
  };
}

/** `[days-]hours:minutes:seconds`, as ps writes it. */
function millisecondsOf(time: string): number {
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = time.trim().split(/[-:]/).reverse().map(Number);
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function add(one: number, other: number): number {
  return one + other;
}

function rowOf({ title }: Arrangement, { perMinute, waits, cpu, calls }: Measured): string[] {
  return [
    title,
    `${Math.round(perMinute)} a minute`,
    `${(median(waits) / 1000).toFixed(1)} s, ${(quantile(waits, 0.95) / 1000).toFixed(1)} s`,
    `${Math.round(cpu)} ms`,
    calls.toFixed(1),
  ];
}

async function writeTable(rows: string[][]): Promise<void> {
  const text = await readFile(page, "utf8");
  if (!table.test(text)) throw new Error("docs/operations.md has no place for the table of sizing");
  const lines = [
    [
      "",
      "Payments",
      "From paying to the order: median, 95 %",
      "CPU of the store for one",
      "Calls to SEQR for one",
    ],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ].map((row) => `| ${row.join(" | ")} |`);
  const measuredOn = `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine()}.`;
  const written = text.replace(table, (_, begin: string, end: string) =>
    [begin, "", measuredOn, "", ...lines, "", end].join("\n"),
  );
  await writeFile(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
}
