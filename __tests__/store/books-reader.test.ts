import { PostgresBooksReader } from "../../src/modules/seqr/books/postgres-books-reader";
import { describeBooksReader } from "../unit/books/books-reader-contract";
import { item, period } from "../unit/books/records";
import { makeLedgerDatabase, type LedgerDatabase } from "./kit/ledger-database";

const DELETED = { deleted_at: new Date("2026-01-20T00:00:00Z") };

let database: LedgerDatabase;
beforeAll(async () => {
  database = await makeLedgerDatabase();
});
afterAll(() => database?.drop());

describeBooksReader("in PostgreSQL", async ({ periods, items, reports }) => {
  await database.db("seqr_period").insert(periods);
  await database.db("seqr_reconciliation_item").insert(items);
  if (reports.length > 0) await database.db("seqr_period_report").insert(reports);
  return new PostgresBooksReader(database.db);
});

describe("the books in PostgreSQL", () => {
  it("hide rows that Medusa deleted", async () => {
    const { db } = database;
    const books = new PostgresBooksReader(db);
    const gone = period({ id: "seqrper_gone", scope: "gone" });
    await db("seqr_period").insert({ ...gone, ...DELETED });
    await db("seqr_reconciliation_item").insert({ ...item(gone, 1, { is_open: true }), ...DELETED });
    expect(await books.findPeriod(gone.id)).toBeUndefined();
    expect(
      (await books.listPeriods({}, { limit: 200, offset: 0 })).records.map(({ id }) => id),
    ).not.toContain(gone.id);
    expect(await books.countOpenItems([gone.id])).toEqual(new Map());
    expect(await books.itemsAfter(gone.id, 0, 10)).toEqual([]);
  });

  it("find a page of 100,000 items, and the next of them, by the index of their numbers", async () => {
    const { db } = database;
    await db.raw(
      `insert into seqr_reconciliation_item (id, period_id, scope, number, row_number, kind, class, terminal_id, is_open)
       select 'many' || n, 'many', 'many', n, n, 'payment', 'agrees', 't1', n % 1000 = 0 from generate_series(1, 100000) n`,
    );
    await db.raw("vacuum analyze seqr_reconciliation_item");
    const books = new PostgresBooksReader(db);
    const plans: string[] = [];
    const note = ({ sql, bindings = [] }: { sql: string; bindings?: readonly unknown[] }): void => {
      const plain = sql.replace(/\$(\d+)/g, (_, n: string) =>
        db.raw("?", [bindings[Number(n) - 1] as string]).toString(),
      );
      if (!sql.startsWith("explain")) plans.push(plain);
    };
    db.on("query", note);
    expect(await books.itemsAfter("many", 50_000, 3)).toMatchObject([{ number: 50_001 }, {}, {}]);
    expect(await books.listItems("many", {}, { limit: 20, offset: 0 })).toMatchObject({ count: 100_000 });
    expect(await books.countOpenItems(["many"])).toEqual(new Map([["many", 100]]));
    db.removeListener("query", note);
    const [after = "", page = "", , open = ""] = plans;
    const planOf = async (statement: string): Promise<string> => {
      const { rows } = await db.raw<{ rows: { "QUERY PLAN": string }[] }>(`explain ${statement}`);
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    };
    expect(await planOf(after)).toContain("IDX_seqr_reconciliation_item_number");
    expect(await planOf(page)).toContain("IDX_seqr_reconciliation_item_number");
    expect(await planOf(open)).toContain("IDX_seqr_reconciliation_item_open");
  });
});
