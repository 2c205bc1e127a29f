// What a sweep of the watch costs, and whether the closed invoices of years cost anything.
import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { startSandbox } from "../tools/sandbox-process.mjs";
import { inTurns, median, ratiosOf } from "./statistics.mjs";

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

/** @returns {Promise<import("./report.mjs").Result[]>} */
export async function run({ store, say }) {
  const { directory } = await store.get();
  const server = join(directory, "node_modules/medusa-payment-seqr/.medusa/server");
  const sandbox = await startSandbox(directory);
  const watches = [];
  try {
    say(`Sending ${thousands(OPEN)} invoices`);
    const references = await sendInvoices(server, sandbox.endpoint);
    for (const closed of [FEW, MANY]) {
      say(`Filling a database with ${thousands(closed)} closed invoices`);
      const database = await store.copy(`watch_${closed}`);
      const watch = { database };
      watches.push(watch);
      await fill(database, references, closed);
      watch.sweeper = await startSweeper(server, database.url, sandbox.endpoint);
    }
    const [few, many] = watches.map(({ sweeper }) => sweeper);
    const pages = await Promise.all([few, many].map((sweeper) => sweeper.order("pages")));
    const memory = [];
    const sweep =
      (sweeper, note = () => {}) =>
      async () => {
        const { looked, milliseconds, rss, complaint } = await sweeper.order("sweep");
        if (looked < OPEN || complaint) throw new Error(`A sweep looked at ${looked} invoices: ${complaint}`);
        note(rss / 2 ** 20);
        // Those that were looked at first may have become due again.
        return milliseconds / looked;
      };
    const onRound = (round) => round % 5 === 0 && say(`${round} of ${rounds} pairs`);
    const [fewTimes, manyTimes] = await inTurns([sweep(few), sweep(many, (rss) => memory.push(rss))], {
      rounds,
      warmUp,
      onRound,
    });
    const held = memory.slice(warmUp);
    const [before, after] = [held.slice(0, 5), held.slice(-5)];
    const against = `${thousands(FEW)} closed ones`;
    const withMany = (what) => `${what} with ${thousands(MANY)} closed invoices`;
    const pagesOf = (what, statement) => ({
      measured: withMany(what),
      against,
      limit: 1.2,
      ratios: [pages[1][statement] / pages[0][statement]],
      typical: [pages[1][statement], pages[0][statement]],
      unit: "pages",
    });
    return [
      {
        measured: withMany(`A sweep over ${thousands(OPEN)} open invoices`),
        against,
        limit: 1.2,
        ratios: ratiosOf(manyTimes, fewTimes),
        typical: [median(manyTimes), median(fewTimes)],
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
  } finally {
    for (const { sweeper, database } of watches) {
      await sweeper?.stop();
      await database.drop();
    }
    await sandbox.stop();
  }
}

/** @returns the references of open invoices at the sandbox */
async function sendInvoices(server, endpoint) {
  const built = (file) => createRequire(import.meta.url)(`${server}/src/${file}.js`);
  const { SeqrClient } = built("seqr/index");
  const { PUBLIC_TEST_TERMINAL } = built("sandbox/index");
  const client = new SeqrClient({ endpoint, terminal: PUBLIC_TEST_TERMINAL });
  const references = [];
  for (let number = 1; number <= OPEN; number++) {
    const { invoiceReference } = await client.sendInvoice({
      ...{ title: "Nordic Goods", clientInvoiceId: String(number), cashierId: "webshop", footer: "" },
      totalAmount: { currency: "SEK", value: "100.00" },
    });
    references.push(invoiceReference);
  }
  client.close();
  return references;
}

async function fill({ sql }, references, closed) {
  const columns = `id, session_id, payment_collection_id, cart_id, token_hash, notification_token_hash, terminal_id,
    client_invoice_id, invoice_reference, ers_reference, amount, currency_code, state, state_since, expires_at, paid_at, due_at`;
  const names = (kind) =>
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
  await sql(
    `insert into seqr_invoice (${columns})
     select 'open_' || n, ${names("open")}, 'terminal', 'client_' || n, reference, null, '100.00', 'SEK', 'open', now(),
       now() + interval '1 day', null, now()
     from unnest($1::text[]) with ordinality as open (reference, n)`,
    [references],
  );
  await sql(
    `insert into seqr_invoice (${columns})
     select 'attention_' || n, ${names("attention")}, 'terminal', 'client_' || n, 'attention_' || n, 'ers_attention_' || n, '100.00',
       'SEK', 'refunding', now(), now(), now(), null
     from generate_series(1, 20) n`,
  );
  await sql("vacuum (analyze) seqr_invoice");
}

/** The watch as a process of its own. */
async function startSweeper(server, databaseUrl, endpoint) {
  const child = fork(new URL("watch/sweeper.mjs", import.meta.url), [server, databaseUrl, endpoint], {
    execArgv: ["--expose-gc"],
    stdio: "inherit",
  });
  const ended = new Promise((done) => child.once("exit", done));
  const answer = () =>
    Promise.race([
      new Promise((done) => child.once("message", done)),
      ended.then((code) => Promise.reject(new Error(`a process of the benchmark ended (${code})`))),
    ]);
  await answer();
  return {
    order: (...order) => {
      const answered = answer();
      child.send(order);
      return answered;
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function thousands(number) {
  return number.toLocaleString("en");
}
