import { once, type EventEmitter } from "node:events";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { InvoiceChangeListener } from "../../src/modules/seqr/ledger/invoice-change-listener";
import { PostgresLedger } from "../../src/modules/seqr/ledger/postgres-ledger";
import { invoiceIn, newInvoice, present, step } from "../unit/modules/ledger-contract";
import { makeLedgerDatabase, type LedgerDatabase } from "./kit/ledger-database";

type Connection = EventEmitter & { query: (sql: string) => Promise<unknown> };

let database: LedgerDatabase;
/** The pool of the server that watches, and that of another one, which writes. */
let db: Knex;
let other: Knex;
let ledger: PostgresLedger;
let changes: InvoiceChangeListener;
let stops: (() => void)[];

beforeAll(async () => {
  database = await makeLedgerDatabase();
  // Its pool makes no connection after its first, so that what is made outside of it can be counted.
  db = database.connect({ min: 1, max: 1 });
  await db.raw("select 1");
  other = database.db;
  ledger = new PostgresLedger(other);
});

beforeEach(() => {
  changes = new InvoiceChangeListener(db);
  stops = [];
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const stop of stops) stop();
  await until(async () => (await listeners()).length === 0);
});

afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

/** Waits for something that PostgreSQL does not tell. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The connections to which announcements are sent. */
async function listeners(): Promise<number[]> {
  const { rows } = await other.raw<{ rows: { pid: number }[] }>(
    `select pid from pg_stat_activity
       where datname = current_database() and query like 'listen %' and state = 'idle'`,
  );
  return rows.map(({ pid }) => pid);
}

/** Somebody who watches a purchase. */
interface Watcher {
  /** How often he was told something. */
  told: number;
  stop: () => void;
  /** Waits until he is told something from now on. */
  hears: (act?: () => Promise<unknown>) => Promise<void>;
}

function watch(id: string): Watcher {
  const one: Watcher = {
    told: 0,
    stop: changes.watch(id, () => void one.told++),
    async hears(act) {
      const before = one.told;
      await act?.();
      await until(() => one.told > before);
    },
  };
  stops.push(one.stop);
  return one;
}

/** An open invoice. */
async function open(): Promise<{ id: string; purchase: string }> {
  const { id, payment_collection_id: purchase } = await invoiceIn(ledger, "open");
  return { id, purchase };
}

/** Changes that are over when they can be seen: comparing does not find them, so whoever hears of them was told by PostgreSQL. */
async function flash(id: string, ...values: object[]): Promise<void> {
  const [before] = await other("seqr_invoice").where({ id });
  await other.transaction(async (transaction) => {
    for (const value of [...values, before as object])
      await transaction("seqr_invoice").where({ id }).update(value);
  });
}

/** Waits until an announcement arrives. */
async function hearsAnnouncements(one: Watcher, id: string): Promise<void> {
  await until(async () => (await listeners()).length > 0);
  await one.hears(() => flash(id, { amount: "1" }));
}

/** How often the watched purchases have been compared from now on. */
function comparisons(): { count: number } {
  const seen = { count: 0 };
  db.on("query-response", (_: unknown, { sql }: { sql: string }) => {
    if (sql.includes("string_agg")) seen.count++;
  });
  return seen;
}

const client = (): { acquireRawConnection: () => Promise<Connection> } => db.client;

/** The connections outside of the pool that are made from now on. */
const connections = () => jest.spyOn(client(), "acquireRawConnection");

/** Milliseconds until each next comparison. */
const pauses = (timers: jest.SpiedFunction<typeof setTimeout>): (number | undefined)[] =>
  timers.mock.calls.map(([, milliseconds]) => milliseconds).filter((one) => one === 1_000 || one === 5_000);

describe("what watches the invoices of purchases", () => {
  it("notifies the listeners of a purchase, and no others, through one connection", async () => {
    const [one, another] = [await open(), await open()];
    const watchers = [watch(one.purchase), watch(one.purchase)] as const;
    const stranger = watch(another.purchase);
    // What changed before anybody looked.
    await until(() => [...watchers, stranger].every(({ told }) => told > 0));
    await hearsAnnouncements(watchers[0], one.id);
    await until(() => watchers[0].told === watchers[1].told);
    expect(stranger.told).toBe(1);
    expect(await listeners()).toHaveLength(1);

    const { told } = watchers[0];
    watchers[0].stop();
    await hearsAnnouncements(watchers[1], one.id);
    expect(watchers[0].told).toBe(told);
    await flash(another.id, { state: "paid" });
    await until(() => stranger.told === 2);
  });

  it("tells of everything that the shopper sees of an invoice, and of nothing else", async () => {
    const { id, purchase } = await open();
    const one = watch(purchase);
    await one.hears();
    await hearsAnnouncements(one, id);
    const seen = [
      { state: "paid" },
      { reason: "shopper" },
      { order_id: "o" },
      { amount: "1" },
      { ers_reference: "1" },
    ];
    for (const value of seen) {
      const { told } = one;
      await flash(id, { attempts: 7, problem: "SEQR_90", due_at: null, viewed_at: new Date() });
      await one.hears(() => flash(id, value));
      expect({ value, told: one.told - told }).toEqual({ value, told: 1 });
    }
  });

  it("compares more purchases than it asks about at once", async () => {
    const ids = Array.from({ length: 1_001 }, (_, number) => `pay_col_many_${number}`);
    await other.batchInsert(
      "seqr_invoice",
      ids.map((payment_collection_id) => ({
        ...newInvoice({ payment_collection_id }),
        id: payment_collection_id,
        state: "open",
      })),
    );
    const watchers = ids.map((id) => watch(id));
    await until(() => watchers.every(({ told }) => told > 0));
    expect(watchers.filter(({ told }) => told !== 1)).toEqual([]);
  });

  it("notifies a returning listener of changes in the meantime", async () => {
    const { purchase } = await open();
    watch((await open()).purchase);
    const first = watch(purchase);
    await first.hears();
    first.stop();
    await watch(purchase).hears();
  });

  it("compares each second until announcements are known to arrive, and every five seconds then", async () => {
    const timers = jest.spyOn(globalThis, "setTimeout");
    watch((await open()).purchase);
    await until(() => pauses(timers).includes(5_000));
    expect(pauses(timers)[0]).toBe(1_000);
  });

  it("finds what changed by comparing each second where something swallows the announcements, and tells of it once", async () => {
    const deaf = await client().acquireRawConnection();
    const { on } = deaf;
    jest
      .spyOn(deaf, "on")
      .mockImplementation((event, listener) =>
        event === "notification" ? deaf : on.call(deaf, event, listener),
      );
    connections().mockResolvedValueOnce(deaf);
    const timers = jest.spyOn(globalThis, "setTimeout");
    const compared = comparisons();
    const { payment_collection_id } = newInvoice();
    const one = watch(payment_collection_id);
    await until(() => compared.count > 0);
    expect(one.told).toBe(0);
    await one.hears(() => ledger.insert(newInvoice({ payment_collection_id })));
    const { count } = compared;
    await until(() => compared.count > count);
    expect(one.told).toBe(1);
    expect(pauses(timers)).not.toContain(5_000);
  });

  it("restores a lost connection, and finds changes in the meantime", async () => {
    const { id, purchase } = await open();
    const one = watch(purchase);
    await one.hears();
    await hearsAnnouncements(one, id);
    const [pid] = await listeners();
    await other.raw("select pg_terminate_backend(?)", [pid ?? 0]);
    await until(async () => !(await listeners()).includes(pid ?? 0));
    await one.hears(() => ledger.transition(id, "canceling", step()));
    await hearsAnnouncements(one, id);
    expect(await listeners()).toHaveLength(1);
  });

  it("tries again when it gets no connection, or one that cannot be used, and keeps none of those", async () => {
    const useless = await client().acquireRawConnection();
    jest.spyOn(useless, "query").mockRejectedValue(new Error("no answer"));
    const made = connections()
      .mockRejectedValueOnce(new Error("no connection"))
      .mockResolvedValueOnce(useless);
    const ended = once(useless, "end");
    const { id, purchase } = await open();
    const one = watch(purchase);
    await one.hears();
    await ended;
    await hearsAnnouncements(one, id);
    expect(made).toHaveBeenCalledTimes(3);
  });

  it("keeps no connection when all listeners left before it was open, and one when a listener returned", async () => {
    const made = connections();
    const connection = (number: number): Promise<Connection> => present(made.mock.results[number]).value;
    const { id, purchase } = await open();
    watch(purchase).stop();
    await once(await connection(0), "end");
    watch(purchase).stop();
    const one = watch(purchase);
    await Promise.race([1, 2].map(async (number) => once(await connection(number), "end")));
    await hearsAnnouncements(one, id);
    expect(await listeners()).toHaveLength(1);
  });
});
