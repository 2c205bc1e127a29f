// The watch of one server: the built package's, with a database and a SEQR, and without a Medusa. Sweeps when it is told to,
// and tells what it took. Started with --expose-gc.
import { createRequire } from "node:module";
import { join } from "node:path";
import { argv } from "node:process";
import { knex } from "@medusajs/framework/mikro-orm/knex";
import type * as ClockModule from "../../src/clock";
import type * as OptionsModule from "../../src/options/store-options";
import type * as TerminalsModule from "../../src/modules/seqr/operations/terminals";
import type * as LedgerModule from "../../src/modules/seqr/ledger/postgres-ledger";
import type * as WatchModule from "../../src/processing/watch";

export type Order = "sweep" | "pages" | "watch" | "rest";

/** What a sweep took. */
export interface Sweep {
  looked: number;
  milliseconds: number;
  /** Bytes that the process held before it. */
  rss: number;
  complaint: string | undefined;
}

/** Pages of tables and indexes that each of the statements touches. */
export interface Pages {
  claim: number;
  attention: number;
}

/** A terminal, and where SEQR takes its calls. */
export interface BenchTerminal {
  name: string;
  endpoint: string;
  id: string;
  password: string;
}

const [, , server = "", databaseUrl = "", terminals = ""] = argv;
const built = createRequire(join(server, "src", "index.js"));
const { systemClock } = built("./clock") as typeof ClockModule;
const { resolveStore } = built("./options/store-options") as typeof OptionsModule;
const { PostgresLedger } = built("./modules/seqr/ledger/postgres-ledger") as typeof LedgerModule;
const { openTerminals } = built("./modules/seqr/operations/terminals") as typeof TerminalsModule;
const { watchDue } = built("./processing/watch") as typeof WatchModule;

const db = knex({
  client: "pg",
  connection: { connectionString: databaseUrl },
  pool: { min: 1, max: 10 },
});
const ledger = new PostgresLedger(db);
const { options, terminals: resolved } = resolveStore({
  backendUrl: "http://127.0.0.1:9",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
  terminals: Object.fromEntries(
    (JSON.parse(terminals) as BenchTerminal[]).map(({ name, endpoint, id: terminalId, password }) => [
      name,
      { endpoint, terminalId, password },
    ]),
  ),
});
const complaints: string[] = [];
const complain = (text: string): void => void complaints.push(text);
const logger = { info() {}, warn: complain, error: complain };
/** During a sweep the time stands still: on a busy machine, what was polled first would be due again before the last is polled. */
let still: Date | undefined;
const clock = { ...systemClock, now: () => still ?? systemClock.now() };
const seqr = { ledger, clock, options, terminals: openTerminals(resolved, { ledger, clock }), logger };
/** It knows no payment: what is paid is refunded. */
const store = {
  purchaseOf: () => Promise.resolve(undefined),
  refund: () => Promise.resolve("unknown" as const),
} as unknown as Parameters<typeof watchDue>[0]["store"];

/** One sweep over everything that is open. */
async function sweep(): Promise<Sweep> {
  still = systemClock.now();
  await db("seqr_invoice").where({ state: "open" }).update({ due_at: still });
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  const started = performance.now();
  const looked = await watchDue({ seqr, store, logger });
  const milliseconds = performance.now() - started;
  still = undefined;
  return { looked, milliseconds, rss, complaint: complaints[0] };
}

/** Nothing is changed by it. */
async function pages(): Promise<Pages> {
  const now = new Date();
  const claim = { owner: "bench", now, until: now, limit: 20 };
  return {
    claim: await pagesOf(() => ledger.acquireDueLeases(claim)),
    attention: await pagesOf(() => ledger.attentionRows({ limit: 100, offset: 0 })),
  };
}

async function pagesOf(act: () => Promise<unknown>): Promise<number> {
  interface Statement {
    sql: string;
    bindings: unknown[];
  }
  interface Plan {
    "Shared Hit Blocks": number;
    "Shared Read Blocks": number;
  }
  const statements: Statement[] = [];
  const note = ({ sql, bindings }: Statement): void => void statements.push({ sql, bindings });
  db.on("query", note);
  await act();
  db.removeListener("query", note);
  let touched = 0;
  for (const { sql, bindings } of statements) {
    const values = bindings.map((value) => db.raw("?", [value as string]).toString());
    const plain = sql.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1] ?? "");
    const trial = await db.transaction();
    const { rows } = await trial.raw<{ rows: { "QUERY PLAN": { Plan: Plan }[] }[] }>(
      `explain (analyze, buffers, format json) ${plain}`,
    );
    await trial.rollback();
    const plan = rows[0]?.["QUERY PLAN"][0]?.Plan;
    touched += (plan?.["Shared Hit Blocks"] ?? NaN) + (plan?.["Shared Read Blocks"] ?? NaN);
  }
  return touched;
}

let timer: NodeJS.Timeout | undefined;
let running: Promise<unknown> | undefined;

/** As the job does it: every second, unless a sweep is running. */
function watch(): Promise<object> {
  timer = setInterval(() => {
    running ??= watchDue({ seqr, store, logger }).finally(() => (running = undefined));
  }, 1_000);
  return Promise.resolve({});
}

/** A sweep that is running goes on until nothing is due: while an endpoint hangs, something is. */
function rest(): Promise<object> {
  clearInterval(timer);
  return Promise.resolve({});
}

const ORDERS: Record<Order, () => Promise<object>> = { sweep, pages, watch, rest };

process.on("message", (order: Order) => {
  void ORDERS[order]().then((found) => process.send?.(found));
});
process.send?.({ ready: true });
