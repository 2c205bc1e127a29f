import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { NewNotification } from "../../src/modules/seqr/notifications/notification-store";
import { PostgresNotifications } from "../../src/modules/seqr/notifications/postgres-notifications";
import { PostgresServers } from "../../src/modules/seqr/servers/postgres-servers";
import { at, newInvoice } from "../unit/modules/ledger-contract";
import { makeLedgerDatabase, type LedgerDatabase } from "./kit/ledger-database";

let database: LedgerDatabase;
let db: Knex;
let notifications: PostgresNotifications;

beforeAll(async () => {
  database = await makeLedgerDatabase();
  ({ db } = database);
  notifications = new PostgresNotifications(db);
});
afterAll(() => database?.drop());
beforeEach(() => db.raw("truncate seqr_notification, seqr_server, seqr_invoice"));

const notification = (more: Partial<NewNotification> = {}): NewNotification => ({
  ...{ received_at: at(0), result: "recorded", invoice_id: "one", terminal: "se", requests: 1, ...more },
});
const page = { limit: 10, offset: 0, most: 100 };

describe("notifications in PostgreSQL", () => {
  it("are listed newest first, with their payment, by result, terminal, payment and time", async () => {
    await db("seqr_invoice").insert({
      ...newInvoice({ terminal: "se", terminal_id: "1" }),
      ...{ id: "one", state: "completed", order_id: "order_1", invoice_reference: "123", paid_at: at(1) },
    });
    await notifications.insert([
      notification({ received_at: at(1) }),
      notification({ received_at: at(2), result: "repeated" }),
      notification({ received_at: at(3), invoice_id: "two", terminal: "fi" }),
      notification({ received_at: at(4), result: "unknown", invoice_id: null, terminal: null, requests: 7 }),
    ]);
    const times = async (filter: object, of: object = {}): Promise<number[]> => {
      const { records } = await notifications.list(filter, { ...page, ...of });
      return records.map(({ received_at }) => (received_at.getTime() - at(0).getTime()) / 1_000);
    };
    expect(await times({})).toEqual([4, 3, 2, 1]);
    expect(await times({}, { limit: 2, offset: 1 })).toEqual([3, 2]);
    expect(await times({ result: ["recorded", "unknown"] })).toEqual([4, 3, 1]);
    expect(await times({ terminal: ["se", "fi"], result: ["recorded"] })).toEqual([3, 1]);
    expect(await times({ invoice_id: "one" })).toEqual([2, 1]);
    expect(await times({ from: at(2), to: at(4) })).toEqual([3, 2]);
    expect(await times({ terminal: [] })).toEqual([]);
    const { records, count, has_more } = await notifications.list({}, { limit: 3, offset: 0, most: 2 });
    expect({ count, has_more }).toEqual({ count: 2, has_more: true });
    expect(records[2]).toMatchObject({
      ...{ invoice_id: "one", invoice_reference: "123", order_id: "order_1", paid_at: at(1), requests: 1 },
    });
    expect(records[1]).toMatchObject({ invoice_id: "two", invoice_reference: null, paid_at: null });
    expect(await notifications.countStrangers(at(4))).toBe(7);
    expect(await notifications.countStrangers(at(5))).toBe(0);

    const [{ id = "" } = {}] = records;
    await notifications.recordReplay(id, "user_1", at(9));
    expect(await notifications.find(id)).toMatchObject({ replayed_at: at(9), replayed_by: "user_1" });
    expect(await notifications.find("other")).toBeUndefined();
  });

  it("are deleted when they are old, some at once", async () => {
    const all = [1, 2, 3, 4].map((second) => notification({ received_at: at(second) }));
    await notifications.insert([...all, ...all.map((one) => ({ ...one, result: "unknown" as const }))]);
    const left = async () => {
      const { records } = await notifications.list({}, page);
      return records.map(({ result, received_at }) => `${result} ${received_at.getUTCSeconds()}`);
    };
    await notifications.deleteBefore(at(4), 2);
    expect((await left()).sort()).toEqual(["recorded 3", "recorded 4", "unknown 3", "unknown 4"]);
    await notifications.deleteBefore(at(4), 2);
    expect((await left()).sort()).toEqual(["recorded 4", "unknown 4"]);
  });

  it("cost as many rows as are wanted, however many there are", async () => {
    await db.raw(
      `insert into seqr_notification (id, received_at, result, invoice_id, terminal)
         select 'n' || n, ?::timestamptz + n * interval '1 second',
           case when n % 1000 = 0 then 'unknown' when n % 500 = 1 then 'repeated' else 'recorded' end,
           'i' || n, case when n % 2 = 0 then 'se' else 'fi' end
         from generate_series(1, 50000) as n`,
      [at(0)],
    );
    await db.raw("analyze seqr_notification");
    const queries: { sql: string; bindings: readonly Knex.RawBinding[] }[] = [];
    db.on("query", (query: (typeof queries)[number]) => queries.push(query));
    for (const filter of [
      {},
      { result: ["unknown" as const] },
      { result: ["unknown" as const, "repeated" as const], terminal: ["fi", "no such"] },
      { terminal: ["no such"] },
      { invoice_id: "i77" },
      { from: at(100), to: at(200) },
    ]) {
      await notifications.list(filter, page);
    }
    await notifications.deleteBefore(at(-1), 1_000);
    await notifications.countStrangers(at(49_000));
    const asked = queries.splice(0);
    db.removeAllListeners("query");
    expect(asked.length).toBeGreaterThan(12);
    for (const { sql, bindings } of asked) {
      const { rows } = await db.raw<{ rows: { "QUERY PLAN": string }[] }>(
        `explain (analyze, timing off, summary off) ${sql.replace(/\$\d+/g, "?")}`,
        bindings,
      );
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).not.toMatch(/Seq Scan on seqr_notification/);
      const read = [...plan.matchAll(/on seqr_notification.*actual rows=([\d.]+)/g)].map(([, count]) =>
        Number(count),
      );
      expect(Math.max(0, ...read)).toBeLessThanOrEqual(1_000);
    }
  });

  it("are counted for the latest payments of each terminal that were charged at once", async () => {
    const paid = (id: string, seconds: number, more: object = {}): object => ({
      ...newInvoice({ terminal: "se", terminal_id: "1", session_id: id, payment_collection_id: id }),
      ...{
        id,
        token_hash: id,
        notification_token_hash: `${id} n`,
        state: "completed",
        paid_at: at(seconds),
        ...more,
      },
    });
    await db("seqr_invoice").insert([
      paid("1", 1, { notified_at: at(2) }),
      paid("2", 2),
      paid("3", 3, { reserved_at: at(1) }),
      paid("4", 4, { terminal: "fi" }),
      paid("5", 5, { paid_at: null }),
    ]);
    const found = await notifications.announcements(["se", "fi", "none"], 100);
    expect([...found]).toEqual([
      [
        "se",
        [
          { paid_at: at(2), notified_at: null },
          { paid_at: at(1), notified_at: at(2) },
        ],
      ],
      ["fi", [{ paid_at: at(4), notified_at: null }]],
      ["none", []],
    ]);
    expect((await notifications.announcements(["se"], 2)).get("se")).toEqual([
      { paid_at: at(2), notified_at: null },
    ]);
  });
});

describe("servers in PostgreSQL", () => {
  it("are the latest, each once", async () => {
    const servers = new PostgresServers(db);
    expect(await servers.latest(at(0), 9)).toEqual([]);
    await servers.beat({ id: "a", started_at: at(0), swept_at: at(1) });
    await servers.beat({ id: "b", started_at: at(2), swept_at: at(3) });
    await servers.beat({ id: "a", started_at: at(0), swept_at: at(4) });
    const [a, b] = [
      { id: "a", started_at: at(0), swept_at: at(4) },
      { id: "b", started_at: at(2), swept_at: at(3) },
    ];
    expect(await servers.latest(at(0), 9)).toEqual([a, b]);
    expect(await servers.latest(at(0), 1)).toEqual([a]);
    expect(await servers.latest(at(4), 9)).toEqual([a]);
    // The latest of all tells when payments were last watched.
    expect(await servers.latest(at(5), 9)).toEqual([a]);
    await servers.deleteBefore(at(4));
    expect(await servers.latest(at(0), 9)).toEqual([a]);
  });
});
