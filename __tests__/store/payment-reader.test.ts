import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { PaymentCursor } from "../../src/modules/seqr/payments/payment-reader";
import { PostgresPaymentReader } from "../../src/modules/seqr/payments/postgres-payment-reader";
import { at } from "../unit/modules/ledger-contract";
import { describePayments } from "../unit/payments/payment-reader-contract";
import { invoice, refund } from "../unit/payments/records";
import { makeLedgerDatabase, type LedgerDatabase } from "./kit/ledger-database";

const DELETED = { deleted_at: at(0) };

let database: LedgerDatabase;
let db: Knex;
beforeAll(async () => {
  database = await makeLedgerDatabase();
  db = database.db;
});
afterAll(() => database?.drop());

const empty = async (): Promise<PostgresPaymentReader> => {
  for (const table of ["seqr_invoice", "seqr_refund", "seqr_observation"]) await db(table).delete();
  return new PostgresPaymentReader(db);
};

describePayments("in PostgreSQL", async ({ invoices, refunds, observations }) => {
  const reader = await empty();
  await db.batchInsert("seqr_invoice", invoices, 500);
  await db.batchInsert("seqr_refund", refunds, 500);
  if (observations.length > 0) await db("seqr_observation").insert(observations);
  return reader;
});

describe("payments in PostgreSQL", () => {
  it("hide rows that Medusa deleted", async () => {
    const reader = await empty();
    await db("seqr_invoice").insert({ ...invoice("gone", { terminal: "gone" }), ...DELETED });
    await db("seqr_refund").insert({ ...refund("gone", "gone", { refund_reference: "gone" }), ...DELETED });
    const all = { limit: 10, offset: 0 };
    for (const filter of [{}, { ids: ["gone"] }, { terminal: ["gone"] }, { state: ["completed" as const] }])
      expect(await reader.listPayments(filter, "newest", all)).toMatchObject({ records: [], count: 0 });
    expect(await reader.findPayments({ reference: "gone" }, 10)).toEqual([]);
    expect(await reader.listRefunds({}, all)).toMatchObject({ records: [], count: 0 });
    expect(await reader.findRefunds("gone")).toEqual([]);
  });

  it("are read one after the other where their times differ by microseconds", async () => {
    const reader = await empty();
    await db("seqr_invoice").insert([invoice("a"), invoice("b"), invoice("c")]);
    await db.raw(
      "update seqr_invoice set created_at = timestamptz '2030-01-01 12:00:00.000001Z' + (ascii(id) - 97) * interval '1 microsecond'",
    );
    for (const [direction, ids] of [
      ["newest", "cba"],
      ["oldest", "abc"],
    ] as const) {
      let read = "";
      let after: PaymentCursor | undefined;
      do {
        const { records, next } = await reader.paymentsAfter({}, direction, 1, after);
        read += records.map(({ id }) => id).join("");
        after = next;
      } while (after);
      expect(read).toBe(ids);
    }
  });

  describe("of 50,000", () => {
    let reader: PostgresPaymentReader;
    beforeAll(async () => {
      reader = await empty();
      // Two terminals with a currency of their own, of which one has not sold for long; few payments are open or have a problem.
      await db.raw(
        `insert into seqr_invoice (id, session_id, payment_collection_id, cart_id, order_id, token_hash, notification_token_hash,
           terminal, terminal_id, client_invoice_id, invoice_reference, ers_reference, amount, currency_code, state, problem,
           state_since, expires_at, created_at)
         select 'i' || n, 's' || n, 'p' || n, 'c' || n, 'o' || n, 't' || n, 'h' || n, case when n > 500 then 'se' else 'fi' end, 'id',
           'k' || n, 'r' || n, 'e' || n, '100.00', case when n > 500 then 'SEK' else 'EUR' end,
           case when n % 5000 = 7 then 'open' when n % 5 = 0 then 'expired' else 'completed' end,
           case when n % 4000 = 11 then 'SEQR_REVERSED' end, now(), now(), now() - (50000 - n) * interval '1 second'
         from generate_series(1, 50000) n`,
      );
      await db.raw(
        `insert into seqr_refund (id, invoice_id, idempotency_key, amount, currency_code, state, reason, refund_reference, requested_at)
         select 'f' || n, 'i' || n, 'ref_' || n, '1.00', 'SEK', case when n % 10000 = 9 then 'unknown' else 'done' end, 'medusa',
           'fr' || n, now() - (50000 - n) * interval '1 second' from generate_series(1, 50000) n`,
      );
      await db.raw(
        `insert into seqr_observation (id, invoice_id, observed_at, source, operation, result)
         select 'b' || n, 'i' || n, now(), 'watch', 'getPaymentStatus', '0' from generate_series(1, 50000) n`,
      );
      await db.raw("vacuum analyze seqr_invoice, seqr_refund, seqr_observation");
    }, 300_000);

    /** Rows that PostgreSQL has read for what is asked, by nodes of its plans that read a table or an index. */
    const rowsRead = async (act: () => Promise<unknown>): Promise<{ rows: number; plan: string }> => {
      const statements: string[] = [];
      const note = ({ sql, bindings = [] }: { sql: string; bindings?: readonly unknown[] }): void => {
        const values = bindings.map((value) => db.raw("?", [value as Knex.Value]).toString());
        if (!sql.startsWith("explain"))
          statements.push(sql.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1] ?? ""));
      };
      db.on("query", note);
      await act();
      db.removeListener("query", note);
      let plan = "";
      for (const statement of statements) {
        const { rows } = await db.raw<{ rows: { "QUERY PLAN": string }[] }>(
          `explain (analyze, timing off, costs off) ${statement.replaceAll("?", "\\?")}`,
        );
        plan += `${rows.map((row) => row["QUERY PLAN"]).join("\n")}\n`;
      }
      let rows = 0;
      for (const line of plan.split("\n")) {
        const [, read, loops] = /Scan.*rows=([\d.]+) loops=(\d+)/.exec(line) ?? [];
        rows += Number(read ?? 0) * Number(loops ?? 0);
        const [, removed] = /Rows Removed by .*: (\d+)/.exec(line) ?? [];
        rows += Number(removed ?? 0);
      }
      return { rows, plan };
    };

    const day = { from: new Date(Date.now() - 7_200_000), to: new Date(Date.now() - 3_600_000) };
    const page = { limit: 20, offset: 0 };
    const questions: [string, () => Promise<unknown>][] = [
      ...(["newest", "oldest"] as const).flatMap((direction) =>
        [
          {},
          { state: ["completed" as const] },
          { state: ["open" as const] },
          { state: ["open" as const, "expired" as const, "completed" as const] },
          { terminal: ["se"] },
          { terminal: ["fi"] },
          { terminal: ["se", "fi"] },
          { currency_code: ["SEK"] },
          { currency_code: ["EUR"] },
          { terminal: ["se"], currency_code: ["EUR"] },
          { terminal: ["fi"], state: ["completed" as const] },
          { currency_code: ["EUR"], state: ["completed" as const] },
          { terminal: ["none"] },
          { has_problem: true },
          { has_problem: false },
          { has_problem: true, state: ["completed" as const] },
          { has_problem: true, terminal: ["fi"] },
          day,
          { ...day, state: ["expired" as const], terminal: ["se"] },
          { ids: ["i1", "i40000"] },
        ].map((filter): [string, () => Promise<unknown>] => [
          `payments ${direction} ${JSON.stringify(filter)}`,
          () => reader.listPayments(filter, direction, page),
        ]),
      ),
      ["a later page", () => reader.listPayments({}, "newest", { limit: 20, offset: 400 })],
      ["an export", () => reader.paymentsAfter({ terminal: ["se"] }, "newest", 1_000, undefined)],
      [
        "its end",
        () =>
          reader.paymentsAfter({ state: ["completed"] }, "oldest", 1_000, {
            ...{ created_at: new Date(Date.now() - 30_000_000).toISOString(), id: "i20000" },
          }),
      ],
      ["a search", () => reader.findPayments({ reference: "e40000" }, 1_000)],
      ["a search for nothing", () => reader.findPayments({ reference: "none" }, 1_000)],
      [
        "a search by a customer",
        () =>
          reader.findPayments(
            {
              reference: "astrid@example.com",
              ...{ cart_ids: numbered("c"), order_ids: numbered("o"), payment_collection_ids: numbered("p") },
            },
            1_000,
          ),
      ],
      ["refunds", () => reader.listRefunds({}, page)],
      ["refunds of a state", () => reader.listRefunds({ state: ["done"] }, page)],
      ["refunds of a time", () => reader.listRefunds(day, page)],
      ["refunds of payments", () => reader.listRefunds({ invoice_ids: ["i1", "i40000"] }, page)],
      ["a refund", () => reader.findRefunds("fr40000")],
      ["observations", () => reader.latestObservations("i40000", 500)],
    ];
    const numbered = (prefix: string): string[] => Array.from({ length: 200 }, (_, n) => `${prefix}${n * 7}`);

    it.each(questions)("%s is answered from indexes, with few rows", async (_, act) => {
      const { rows, plan } = await rowsRead(act);
      expect(plan).not.toMatch(/Seq Scan/);
      // A page of twenty, and a thousand that are counted; or as many that are exported or searched.
      expect({ rows: rows <= 4_000, plan: rows <= 4_000 ? "" : plan }).toEqual({ rows: true, plan: "" });
    });
  });
});
