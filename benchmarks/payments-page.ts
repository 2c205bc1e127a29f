// Whether staff wait longer for the list of payments, for a filter or for a search when there are many payments.
import type { Api } from "../testkit/http";
import { withRunningShop, type Sql } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { adminOf } from "./staff-api";
import { inTurns, median, ratiosOf } from "./statistics";

export const name = "payments-page";
export const title = "The list of payments";
const MANY = 1_000_000;
const FEW = 1_000;
const rounds = 30;
const warmUp = 5;
const LIMIT = 2;
export const method =
  `Two servers of the store, one with ${MANY.toLocaleString("en")} payments and one with ${FEW.toLocaleString("en")}, each with a PostgreSQL ` +
  "database of its own that has as many carts, orders, customers, payment sessions and payments in Medusa, and a refund of every tenth. " +
  "Each request of staff, `GET /admin/seqr/payments` with 20 rows and with one filter or one search, is sent to both, in turns; " +
  `${rounds} pairs.`;

/** The queries of staff, and how many rows each gives at least. */
const QUERIES: Record<string, [path: string, rows: number]> = {
  "all, the newest": ["payments?", 20],
  "all, the oldest": ["payments?order=created_at", 20],
  "the page at 900": ["payments?offset=900", 20],
  "a state": ["payments?state=completed", 20],
  "several states": ["payments?state=completed,expired,canceled", 20],
  "a state that none has": ["payments?state=refund_due", 0],
  "a terminal": ["payments?terminal=fi", 20],
  "a currency": ["payments?currency_code=SEK", 20],
  "a terminal in a currency that it has not": ["payments?terminal=fi&currency_code=SEK", 0],
  "a time": ["payments?from=$FROM", 20],
  "those with a problem": ["payments?has_problem=true", 20],
  "those without one": ["payments?has_problem=false", 20],
  "a state, a terminal and a time": ["payments?state=completed&terminal=seqr&from=$FROM", 20],
  "the number of an order": ["payments?q=%23900000500", 1],
  ersReference: ["payments?q=ers_500", 1],
  invoiceReference: ["payments?q=reference_500", 1],
  "the reference of a refund": ["payments?q=refund_reference_500", 1],
  "the id of a cart": ["payments?q=cart_500", 1],
  "the id of an order": ["payments?q=order_500", 1],
  "the id of a session": ["payments?q=payses_500", 1],
  "the id of a payment": ["payments?q=pay_500", 1],
  "the shopper's e-mail": ["payments?q=shopper500%40example.com", 1],
  "a text that finds nothing": ["payments?q=nothing", 0],
  "the refunds": ["refunds?", 20],
  "the refunds of a state": ["refunds?state=done", 20],
};

export async function run(bench: Bench): Promise<Result[]> {
  const { store, say } = bench;
  const many = await store.copy("payments_many");
  const few = await store.copy("payments_few");
  try {
    say(`Filling a database with ${MANY} payments, and one with ${FEW}`);
    await fill(many.sql, MANY);
    await fill(few.sql, FEW);
    return await withRunningShop(bench, { env: { DATABASE_URL: many.url } }, async ({ server, sandbox }) => {
      const other = await store.start({ env: { SEQR_ENDPOINT: sandbox.endpoint, DATABASE_URL: few.url } });
      try {
        return await compare(await adminOf(server.url), await adminOf(other.url), say);
      } finally {
        await other.stop();
      }
    });
  } finally {
    await many.drop();
    await few.drop();
  }
}

async function compare(many: Api, few: Api, say: Bench["say"]): Promise<Result[]> {
  const from = encodeURIComponent(new Date(Date.now() - 30 * 60_000).toISOString());
  const results: Result[] = [];
  for (const [what, [template, rows]] of Object.entries(QUERIES)) {
    const path = `/seqr/${template.replace("$FROM", from)}`;
    const times = await inTurns(
      { many: () => time(many, path, rows), few: () => time(few, path, rows) },
      { rounds, warmUp },
    );
    say(`${what}: ${median(times.many).toFixed(1)} / ${median(times.few).toFixed(1)} ms`);
    results.push({
      ...{ measured: `Payments, ${what}, of ${MANY.toLocaleString("en")}`, limit: LIMIT },
      ...{ against: `of ${FEW.toLocaleString("en")}`, ratios: ratiosOf(times.many, times.few) },
      ...{ typical: [median(times.many), median(times.few)], unit: `ms, ${rounds} pairs` },
    });
  }
  return results;
}

async function time(admin: Api, path: string, rows: number): Promise<number> {
  const started = performance.now();
  const page = await admin<{ payments?: unknown[]; refunds?: unknown[] }>("GET", path);
  const milliseconds = performance.now() - started;
  const found = (page.payments ?? page.refunds ?? []).length;
  if (found !== rows) throw new Error(`${path} gives ${found} rows, and not ${rows}`);
  return milliseconds;
}

/** A ledger and Medusa's records of payments, the last of which was made an hour from now at most. */
async function fill(sql: Sql, count: number): Promise<void> {
  const rows = "generate_series(1, $1::int) n";
  const raw = `'{"value": "100", "precision": 20}'`;
  const moment = `timestamptz '${new Date().toISOString()}' - ($1::int - n) * interval '1 second'`;
  const statements = [
    `insert into customer (id, email) select 'customer_' || n, 'shopper' || n || '@example.com' from ${rows}`,
    `insert into cart (id, currency_code, customer_id, email)
     select 'cart_' || n, 'sek', 'customer_' || n, 'shopper' || n || '@example.com' from ${rows}`,
    // Numbers far from those that Medusa gives.
    `insert into "order" (id, display_id, currency_code, customer_id, created_at)
     select 'order_' || n, 900000000 + n, 'sek', 'customer_' || n, ${moment} from ${rows}`,
    `insert into payment_collection (id, currency_code, amount, raw_amount, status)
     select 'collection_' || n, 'sek', 100, ${raw}, 'completed' from ${rows}`,
    `insert into order_payment_collection (id, order_id, payment_collection_id)
     select 'link_' || n, 'order_' || n, 'collection_' || n from ${rows}`,
    `insert into payment_session (id, currency_code, amount, raw_amount, provider_id, data, status, payment_collection_id)
     select 'payses_' || n, 'sek', 100, ${raw}, 'pp_seqr_seqr', '{}', 'captured', 'collection_' || n from ${rows}`,
    `insert into payment (id, amount, raw_amount, currency_code, provider_id, data, payment_collection_id, payment_session_id)
     select 'pay_' || n, 100, ${raw}, 'sek', 'pp_seqr_seqr', '{}', 'collection_' || n, 'payses_' || n from ${rows}`,
    `insert into seqr_invoice (id, session_id, payment_collection_id, cart_id, order_id, token_hash, notification_token_hash, terminal,
       terminal_id, client_invoice_id, invoice_reference, ers_reference, amount, currency_code, state, problem, state_since, expires_at,
       created_at)
     select 'invoice_' || n, 'payses_' || n, 'collection_' || n, 'cart_' || n, 'order_' || n, 'token_' || n, 'notification_' || n,
       case when n % 10 = 3 then 'fi' else 'seqr' end, 'bench', 'client_' || n, 'reference_' || n, 'ers_' || n, '100.00',
       case when n % 10 = 3 then 'EUR' else 'SEK' end, case n % 20 when 7 then 'expired' when 8 then 'canceled' else 'completed' end,
       case when n % 25 = 1 then 'SEQR_ORDER_TOTAL_DIFFERS' end, ${moment}, ${moment}, ${moment} from ${rows}`,
    `insert into seqr_refund (id, invoice_id, idempotency_key, amount, currency_code, state, reason, refund_reference, requested_at)
     select 'refund_' || n, 'invoice_' || n, 'ref_' || n, '10.00', 'SEK', 'done', 'medusa', 'refund_reference_' || n, ${moment}
     from ${rows} where n % 10 = 0`,
  ];
  for (const statement of statements) await sql(statement, [count]);
  await sql("analyze");
}
