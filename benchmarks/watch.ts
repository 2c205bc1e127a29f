// What a sweep of the watch costs, and whether the closed invoices of years cost anything.
import { join } from "node:path";
import { startSandbox } from "../testkit/sandbox";
import type { Database } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { inTurns, median, ratiosOf } from "./statistics";
import { addTerminals, openInvoices, sendInvoices, type OpenInvoice } from "./watch/open-invoices";
import { startSweeper, type Sweeper } from "./watch/start-sweeper";
import type { Pages } from "./watch/sweeper";

export const name = "watch";
export const title = "The watch";
const OPEN = 1_000;
const FEW = 1_000;
const MANY = 1_000_000;
const rounds = 20;
const warmUp = 5;
export const method =
  `A sweep of the watch (\`watchDue\`, the built package's, in a process of its own) over ${thousands(OPEN)} open invoices ` +
  "that are all due: each is claimed, asked for at the sandbox, which is in a process of its own and answers ISSUED, and " +
  "given back; the time is that of the sweep, for each look. Two databases of a real PostgreSQL that flushes to disk, with the plugin's tables: one with " +
  `${thousands(FEW)} closed invoices, one with ${thousands(MANY)}; each has a process of its own. ${rounds} pairs, in ` +
  `turns, after ${warmUp} pairs to warm up. _Memory_ is what the process with many closed invoices holds (RSS, after ` +
  "garbage collection): before each of the last five sweeps, beside each of the first five after the warm-up. _Pages_ are those of " +
  "tables and indexes that PostgreSQL touches for one statement (`EXPLAIN (ANALYZE, BUFFERS)`), after a vacuum: taking " +
  "the 20 invoices that are due longest, which enters them anew into their indexes (one page deeper each with a million " +
  "rows), and the attention list, on which 20 invoices are.";

/** A watch with a database in which some closed invoices are. */
interface Watch {
  database: Database;
  sweeper: Sweeper;
}

export async function run({ store, say }: Bench): Promise<Result[]> {
  const { directory } = await store.get();
  const server = join(directory, "node_modules/medusa-payment-seqr/.medusa/server");
  const sandbox = await startSandbox(directory);
  const databases: Database[] = [];
  const sweepers: Sweeper[] = [];
  try {
    say(`Sending ${thousands(OPEN)} invoices`);
    const terminals = await addTerminals(sandbox, 1);
    const invoices = await sendInvoices(server, terminals, OPEN);
    const watchOver = async (closed: number): Promise<Watch> => {
      say(`Filling a database with ${thousands(closed)} closed invoices`);
      const database = await store.copy(`watch_${closed}`);
      databases.push(database);
      await fill(database, invoices, closed);
      const sweeper = await startSweeper(server, database.url, terminals);
      sweepers.push(sweeper);
      return { database, sweeper };
    };
    return await compare(await watchOver(FEW), await watchOver(MANY), say);
  } finally {
    for (const sweeper of sweepers) await sweeper.stop();
    for (const database of databases) await database.drop();
    await sandbox.stop();
  }
}

async function compare(few: Watch, many: Watch, say: Bench["say"]): Promise<Result[]> {
  const [fewPages, manyPages] = [await few.sweeper.order("pages"), await many.sweeper.order("pages")];
  const memory: number[] = [];
  const onRound = (round: number): void => {
    if (round % 5 === 0) say(`${round} of ${rounds} pairs`);
  };
  const times = await inTurns(
    {
      few: () => sweepTime(few, () => {}),
      many: () => sweepTime(many, (rss) => memory.push(rss / 2 ** 20)),
    },
    { rounds, warmUp, onRound },
  );
  const held = memory.slice(warmUp);
  const [before, after] = [held.slice(0, 5), held.slice(-5)];
  const against = `${thousands(FEW)} closed ones`;
  const withMany = (what: string): string => `${what} with ${thousands(MANY)} closed invoices`;
  const pagesOf = (what: string, statement: keyof Pages): Result => ({
    measured: withMany(what),
    against,
    limit: 1.2,
    ratios: [manyPages[statement] / fewPages[statement]],
    typical: [manyPages[statement], fewPages[statement]],
    unit: "pages",
  });
  return [
    {
      measured: withMany(`A sweep over ${thousands(OPEN)} open invoices`),
      against,
      limit: 1.2,
      ratios: ratiosOf(times.many, times.few),
      typical: [median(times.many), median(times.few)],
      unit: `ms for each invoice, ${rounds} pairs`,
    },
    pagesOf("Taking 20 due invoices", "claim"),
    pagesOf("The attention list", "attention"),
    {
      measured: `Memory of the watch, after ${rounds - 5} more sweeps`,
      against: "after the first ones",
      limit: 1.1,
      ratios: ratiosOf(after, before),
      typical: [median(after), median(before)],
      unit: "MiB",
    },
  ];
}

/** Sweeps once. @returns milliseconds for each look */
async function sweepTime({ sweeper }: Watch, hold: (rss: number) => void): Promise<number> {
  const { looked, milliseconds, rss, complaint } = await sweeper.order("sweep");
  if (looked < OPEN || complaint) throw new Error(`A sweep looked at ${looked} invoices: ${complaint}`);
  hold(rss);
  // Those that were looked at first may have become due again.
  return milliseconds / looked;
}

async function fill({ sql }: Database, invoices: OpenInvoice[], closed: number): Promise<void> {
  const columns = `id, session_id, payment_collection_id, cart_id, token_hash, notification_token_hash, terminal_id,
    client_invoice_id, invoice_reference, ers_reference, amount, currency_code, state, state_since, expires_at, paid_at, due_at`;
  const names = (kind: string): string =>
    ["session", "collection", "cart", "token", "notification"]
      .map((what) => `'${what}_${kind}_' || n`)
      .join(", ");
  await sql(
    `insert into seqr_invoice (${columns})
     select 'closed_' || n, ${names("closed")}, 'terminal', 'client_' || n, 'closed_' || n,
       case when n % 4 < 2 then 'ers_' || n end, '100.00', 'SEK',
       (array['completed', 'refunded', 'canceled', 'expired'])[1 + n % 4], moment, moment,
       case when n % 4 < 2 then moment end, null
     from (select n, now() - n * interval '1 minute' as moment from generate_series(1, $1::int) n) as closed`,
    [closed],
  );
  await openInvoices(sql, invoices);
  await sql(
    `insert into seqr_invoice (${columns})
     select 'attention_' || n, ${names("attention")}, 'terminal', 'client_' || n, 'attention_' || n, 'ers_attention_' || n, '100.00',
       'SEK', 'refunding', now(), now(), now(), null
     from generate_series(1, 20) n`,
  );
  await sql("vacuum (analyze) seqr_invoice");
}

function thousands(number: number): string {
  return number.toLocaleString("en");
}
