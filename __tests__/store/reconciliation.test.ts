import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { ItemRecord, PeriodRecord } from "../../src/modules/seqr/books/books-ledger";
import { PostgresBooksAttention } from "../../src/modules/seqr/books/postgres-books-attention";
import { PostgresReconciliation } from "../../src/modules/seqr/books/postgres-reconciliation";
import type { PeriodBooks } from "../../src/modules/seqr/books/reconciliation-store";
import { PostgresLedger } from "../../src/modules/seqr/ledger/postgres-ledger";
import { at } from "../unit/modules/ledger-contract";
import { booksWorld, type BooksUnderTest } from "../unit/books/books-world";
import { describeReconciliation } from "../unit/books/reconciliation-contract";
import { makeLedgerDatabase, type LedgerDatabase } from "./kit/ledger-database";

const TABLES = [
  ...["seqr_invoice", "seqr_refund", "seqr_receipt"],
  ...["seqr_period", "seqr_report_row", "seqr_reconciliation_item"],
];

let database: LedgerDatabase;
let db: Knex;

beforeAll(async () => {
  database = await makeLedgerDatabase();
  db = database.db;
});

afterAll(() => database?.drop());

async function empty(): Promise<BooksUnderTest> {
  for (const table of TABLES) await db(table).delete();
  return {
    ledger: new PostgresLedger(db),
    books: new PostgresReconciliation(db),
    addPeriod: async (period) => void (await db("seqr_period").insert(period)),
    changePeriod: async (id, patch) => void (await db("seqr_period").where({ id }).update(patch)),
    addRows: async (rows) => void (rows.length > 0 && (await db("seqr_report_row").insert([...rows]))),
    deleteRows: async (period_id) => void (await db("seqr_report_row").where({ period_id }).delete()),
    itemsOf: async (period_id) => {
      const items = await db("seqr_reconciliation_item").where({ period_id }).orderBy("number");
      return (items as (ItemRecord & Record<string, unknown>)[]).map((item) => {
        const stamps = ["created_at", "updated_at", "deleted_at"];
        return Object.fromEntries(
          Object.entries(item).filter(([name]) => !stamps.includes(name)),
        ) as unknown as ItemRecord;
      });
    },
    changeItem: async (id, patch) => void (await db("seqr_reconciliation_item").where({ id }).update(patch)),
  };
}

describeReconciliation("in PostgreSQL", empty);

describe("reconciliations in PostgreSQL", () => {
  it("wait for one of the same scope, and not for one of another", async () => {
    const world = booksWorld(await empty());
    const first = await world.period("first", 100);
    const other = await world.period("other", 100, { terminal: "se", terminal_id: "t-se" });
    const order: string[] = [];
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const slow = world.books.reconciling(first, async () => {
      begun();
      await ended;
      order.push("slow");
    });
    await running;
    const next = world.books.reconciling(first, async () => void order.push("next"));
    await world.books.reconciling(other, async () => void order.push("other"));
    end();
    await Promise.all([slow, next]);
    expect(order).toEqual(["other", "slow", "next"]);
  });
});

describe("what is open in the books, in PostgreSQL,", () => {
  const BY_STAFF = { kind: "books_difference", action: "accept", actor_id: "user_1", reason: "known" };

  it("is in the attention list after what is older, and an item is accepted by one of many", async () => {
    await db("seqr_decision").delete();
    const world = booksWorld(await empty());
    const { ledger } = world;
    const period = await world.period("one", 100, { terminal: "se", terminal_id: "t-se" });
    await world.report(period, [
      ["x1", "5.00"],
      ["x2", "-6.00"],
    ]);
    const lost = await world.period("lost", 50, { state: "lost", is_open: true });
    const more = { state: "unreported", is_open: true, report_differs: true, summary_differs: true } as const;
    const none = await world.period("none", 200, more);
    await world.period("fine", 300);
    const [first, second] = await world.itemsOf(period.id);
    const refund = { state: "paid", state_since: at(150) } as const;
    const going = await world.pay({ reference: "p1", state: "captured" });
    await db("seqr_invoice").where({ id: going.id }).update(refund);
    const page = { limit: 100, offset: 0 };
    const books = { invoice_id: null, item_id: null };
    const rows = [
      { ...books, kind: "period_lost", period_id: lost.id },
      { ...books, kind: "books_difference", period_id: period.id, item_id: first?.id },
      { ...books, kind: "books_difference", period_id: period.id, item_id: second?.id },
      { ...books, kind: "period_unreported", period_id: none.id },
      { ...books, kind: "report_differs", period_id: none.id },
      { ...books, kind: "summary_differs", period_id: none.id },
      { invoice_id: going.id, period_id: null, item_id: null, kind: "order_pending" },
    ];
    const listed = await ledger.attentionRows(page);
    expect(listed.slice(0, 3)).toEqual(rows.slice(0, 3));
    expect(
      listed
        .slice(3)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(
      rows
        .slice(3)
        .map(({ kind }) => kind)
        .sort(),
    );
    expect(listed.at(-1)).toEqual(rows.at(-1));
    const kinds = ["books_difference"] as const;
    expect(await ledger.attentionRows({ limit: 1, offset: 1, kinds })).toEqual([rows[2]]);
    expect(Object.fromEntries(await ledger.attentionCounts())).toEqual({
      ...{ books_difference: 2, period_lost: 1, period_unreported: 1, report_differs: 1 },
      ...{ summary_differs: 1, order_pending: 1 },
    });

    const attention = new PostgresBooksAttention(db);
    const decision = { ...BY_STAFF, period_id: period.id, subject: first?.id ?? "", decided_at: at(7) };
    const tries = await Promise.all(Array.from({ length: 8 }, () => attention.acceptItem(decision)));
    expect(tries.filter((accepted) => accepted !== undefined)).toMatchObject([
      { id: first?.id, is_open: false, accepted_by: "user_1", accepted_at: at(7), accepted_reason: "known" },
    ]);
    expect(await attention.acceptItem({ ...decision, subject: "seqritem_none" })).toBeUndefined();
    expect(await attention.decisionsOf([period.id, lost.id])).toMatchObject([
      { ...decision, id: expect.stringMatching(/^seqrdec_./) },
    ]);
    expect((await attention.periodsOf([lost.id, "none"])).map(({ id }) => id)).toEqual([lost.id]);
    expect(await attention.itemsOf([second?.id ?? ""])).toMatchObject([
      { is_open: true, ers_reference: "x2" },
    ]);
    expect((await ledger.attentionCounts()).get("books_difference")).toBe(1);
    for (const table of ["seqr_period", "seqr_reconciliation_item"])
      await db(table).update({ deleted_at: at(9) });
    expect(Object.fromEntries(await ledger.attentionCounts())).toEqual({ order_pending: 1 });
  });
});

describe("with a ledger of 50,000 payments and 20,000 items", () => {
  let period: PeriodRecord;
  beforeAll(async () => {
    const world = booksWorld(await empty());
    await db.raw(
      `insert into seqr_invoice (id, session_id, payment_collection_id, token_hash, notification_token_hash, terminal, terminal_id,
         client_invoice_id, ers_reference, disputed_reference, amount, currency_code, state, reason, state_since, expires_at, paid_at)
       select 'i' || n, 'session' || n, 'collection' || n, 'token' || n, 'notification' || n, 'se', 't-se', 'client' || n,
         'e' || n, case when n % 1000 = 0 then 'd' || n end, n % 1000 || '.00', 'SEK',
         case when n % 100 = 0 then 'canceled' else 'completed' end, case when n % 100 = 0 then 'reversed' end,
         moment, moment, moment
       from (select n, ?::timestamptz + n * interval '10 seconds' as moment from generate_series(1, 50000) n) as paid`,
      [at(0)],
    );
    await db.raw(
      `insert into seqr_refund (id, invoice_id, idempotency_key, amount, currency_code, state, reason, refund_reference,
         requested_at, finished_at)
       select 'r' || n, 'i' || n, 'key' || n, '1.00', 'SEK', 'done', 'medusa', case when n % 1000 <> 0 then 'f' || n end,
         moment, moment
       from (select n, ?::timestamptz + n * interval '10 seconds' as moment from generate_series(1, 50000) n) as made`,
      [at(0)],
    );
    const earlier = await world.period("earlier", 400_000);
    await db.raw(
      `insert into seqr_reconciliation_item (id, period_id, scope, number, row_number, kind, class, cause, terminal_id,
         ers_reference, carried_to, is_open)
       select 'x' || n, ?, ?, n, n, case when n % 500 = 0 then 'refund' else 'payment' end, 'agrees', null, 't-se', 'e' || n,
         null, false
       from generate_series(1, 20000) n`,
      [earlier.id, earlier.scope],
    );
    period = await world.period("period", 400_600);
    await db.raw(
      `insert into seqr_report_row (id, period_id, row_number, terminal_id, amount, ers_reference)
       select 'row' || p || n, 'seqrper_' || p, n, 't-se', '1.00', 'e' || n
       from generate_series(1, 2000) n, unnest(array['earlier', 'other', 'another', 'period']) p`,
    );
    await db.raw("vacuum analyze seqr_invoice, seqr_refund, seqr_reconciliation_item, seqr_report_row");
  }, 300_000);

  const references = Array.from({ length: 100 }, (_, index) => `e${index * 70 + 1}`);
  const keys = [{ terminal_id: "t-se", amount: "100.00" }];
  const terminals = [
    { terminal: "se", terminal_id: "t-se" },
    { terminal: null, terminal_id: "t-se" },
  ];
  const span = { after: at(400_000), until: at(400_600) };
  const all = async (batches: AsyncIterable<unknown[]>): Promise<void> => {
    for await (const batch of batches) expect(batch.length).toBeLessThanOrEqual(1_000);
  };

  it.each<[string, (books: PeriodBooks) => Promise<unknown>, string[]]>([
    ["the rows", (books) => all(books.rows()), ["IDX_seqr_report_row_number"]],
    ["repeated references", (books) => books.repeatedReferences(), ["IDX_seqr_report_row_number"]],
    [
      "payments and refunds by their references",
      (books) => books.transactionsOf(references),
      ["IDX_seqr_invoice_ers_reference", "IDX_seqr_refund_refund_reference"],
    ],
    [
      "payments by disputed references",
      (books) => books.disputedTransactions(["d1000", "d7"]),
      ["IDX_seqr_invoice_disputed_reference"],
    ],
    ["reversed payments", (books) => books.reversedPayments(keys, span), ["IDX_seqr_invoice_reversed"]],
    [
      "refunds without a reference",
      (books) => books.refundsWithoutReference([{ terminal_id: "t-se", amount: "-1.00" }], at(400_600)),
      ["IDX_seqr_refund_refund_reference"],
    ],
    [
      "what no report has",
      (books) => all(books.transactionsWithoutRow(terminals, span, [])),
      ["IDX_seqr_invoice_terminal_paid_at", "IDX_seqr_refund_made", "IDX_seqr_reconciliation_item_reference"],
    ],
    [
      "items with references",
      (books) => books.itemsElsewhere(references),
      ["IDX_seqr_reconciliation_item_reference"],
    ],
    ["what is awaited", (books) => books.awaitedReferences("seqrper_x"), ["IDX_seqr_reconciliation_item_"]],
    ["proposals", (books) => books.proposedRefunds(["r1"]), ["IDX_seqr_reconciliation_item_proposed"]],
    [
      "whether refunds are reported",
      (books) => books.hasReportedRefunds(),
      ["IDX_seqr_reconciliation_item_refund"],
    ],
    ["what was carried", (books) => books.deleteItems(), ["IDX_seqr_reconciliation_item_carried_to"]],
    ["what is carried", (books) => books.carryHere(references), ["IDX_seqr_reconciliation_item_reference"]],
  ])("finds %s in an index", async (_, act, indexes) => {
    const statements: { sql: string; bindings: readonly unknown[] }[] = [];
    const note = (query: { sql: string; bindings?: readonly unknown[] }): void =>
      void statements.push({ sql: query.sql, bindings: query.bindings ?? [] });
    db.on("query", note);
    await new PostgresReconciliation(db).reconciling(period, act);
    db.removeListener("query", note);
    const plans: string[] = [];
    for (const { sql, bindings } of statements) {
      const query = sql.replace(/^declare .*? for /, "");
      if (!/^[( ]*(select|with|update|delete|insert)/.test(query) || query.includes("advisory")) continue;
      const values = bindings.map((value) => db.raw("?", [value as Knex.Value]).toString());
      const plain = query.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1] ?? "");
      const { rows } = await db.raw<{ rows: { "QUERY PLAN": string }[] }>(
        `explain ${plain.replaceAll("?", "\\?")}`,
      );
      plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
    }
    const plan = plans.join("\n");
    for (const index of indexes) expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on seqr_(invoice|refund|report_row|reconciliation_item)/);
  });
});
