// The watch of one server: the built package's, with a database and a SEQR, and without a Medusa. Sweeps when it is told to,
// and tells what it took. Started with --expose-gc.
import { createRequire } from "node:module";
import { argv } from "node:process";
import knexPackage from "@medusajs/framework/mikro-orm/knex";

const [, , server, databaseUrl, endpoint] = argv;
const built = (file) => createRequire(import.meta.url)(`${server}/src/${file}.js`);
const { Breaker } = built("modules/seqr/breaker");
const { systemClock } = built("modules/seqr/clock");
const { clientOptions, resolveOptions } = built("modules/seqr/options");
const { PostgresLedger } = built("modules/seqr/postgres-ledger");
const { SeqrPayments } = built("modules/seqr/payments");
const { PUBLIC_TEST_TERMINAL } = built("sandbox/index");
const { SeqrClient } = built("seqr/index");
const { watchDue } = built("workflows/watch");

const db = knexPackage.knex({
  client: "pg",
  connection: { connectionString: databaseUrl },
  pool: { min: 1, max: 10 },
});
const ledger = new PostgresLedger(db);
const options = resolveOptions({
  endpoint,
  terminalId: PUBLIC_TEST_TERMINAL.id,
  password: PUBLIC_TEST_TERMINAL.password,
  backendUrl: "http://127.0.0.1:9",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
});
const complaints = [];
const logger = { info() {}, warn: (text) => complaints.push(text), error: (text) => complaints.push(text) };
const breaker = new Breaker();
const client = new SeqrClient({ ...clientOptions(options), onCall: ({ result }) => breaker.record(result) });
const seqr = new SeqrPayments({ ledger, client, clock: systemClock, options, breaker, logger });
/** Nothing is paid, so nobody asks it anything. */
const shop = {};

const orders = {
  /** One sweep over everything that is open. */
  async sweep() {
    await db("seqr_invoice").where({ state: "open" }).update({ due_at: db.fn.now() });
    globalThis.gc();
    const { rss } = process.memoryUsage();
    const started = performance.now();
    const looked = await watchDue({ seqr, shop, logger });
    const milliseconds = performance.now() - started;
    return { looked, milliseconds, rss, complaint: complaints[0] };
  },
  /** Pages of tables and indexes that each of the statements touches; nothing is changed by it. */
  async pages() {
    const now = new Date();
    const claim = { owner: "bench", now, until: now, limit: 20 };
    return {
      claim: await pagesOf(() => ledger.claimDue(claim)),
      attention: await pagesOf(() => ledger.attention({ limit: 100, offset: 0 })),
    };
  },
};

process.on("message", async ([order, ...given]) => process.send(await orders[order](...given)));
process.send({ ready: true });

async function pagesOf(act) {
  const statements = [];
  const note = ({ sql, bindings }) => statements.push({ sql, bindings });
  db.on("query", note);
  await act();
  db.removeListener("query", note);
  let pages = 0;
  for (const { sql, bindings } of statements) {
    const values = bindings.map((value) => db.raw("?", [value]).toString());
    const plain = sql.replace(/\$(\d+)/g, (_, number) => values[Number(number) - 1]);
    const trial = await db.transaction();
    const { rows } = await trial.raw(`explain (analyze, buffers, format json) ${plain}`);
    await trial.rollback();
    const [{ Plan }] = rows[0]["QUERY PLAN"];
    pages += Plan["Shared Hit Blocks"] + Plan["Shared Read Blocks"];
  }
  return pages;
}
