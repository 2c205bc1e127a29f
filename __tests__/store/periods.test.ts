import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { ReportRowRecord } from "../../src/modules/seqr/books/books-ledger";
import { PostgresPeriods } from "../../src/modules/seqr/books/postgres-periods";
import { at, present } from "../unit/modules/ledger-contract";
import { describePeriods, newPeriod } from "../unit/modules/periods-contract";
import { makeLedgerDatabase, type LedgerDatabase } from "./kit/ledger-database";

const TABLES = [
  ...["seqr_period", "seqr_period_report", "seqr_report_row", "seqr_reconciliation_item", "seqr_decision"],
];

let database: LedgerDatabase;
let db: Knex;

beforeAll(async () => {
  database = await makeLedgerDatabase();
  db = database.db;
});

afterAll(() => database?.drop());

async function empty(): Promise<PostgresPeriods> {
  for (const table of TABLES) await db(table).delete();
  return new PostgresPeriods(db);
}

describePeriods("the periods in PostgreSQL", async () => ({
  store: await empty(),
  rowsOf: (period_id) =>
    db("seqr_report_row").where({ period_id }).orderBy("row_number").select<ReportRowRecord[]>("*"),
}));

describe("the periods in PostgreSQL, with several processes", () => {
  it("let one of 32 close a scope, and one of 32 have a due period", async () => {
    const other = database.connect();
    try {
      const stores = [await empty(), new PostgresPeriods(other)];
      const crowd = <T>(act: (store: PostgresPeriods, owner: string) => Promise<T>): Promise<T[]> =>
        Promise.all(
          Array.from({ length: 32 }, (_, index) => act(present(stores[index % 2]), `server ${index}`)),
        );
      const lease = (owner: string, from = 0) => ({ owner, now: at(from), until: at(from + 60) });
      const inserted = await crowd((store, owner) => store.insert(newPeriod(), lease(owner)));
      const [period, ...more] = inserted.filter((one) => one !== undefined);
      expect(more).toEqual([]);
      const taken = await crowd((store, owner) => store.acquireDueLeases({ ...lease(owner, 60), limit: 1 }));
      expect(taken.flat().map(({ id }) => id)).toEqual([present(period).id]);
    } finally {
      await other.destroy();
    }
  });

  it("keep a decision with what it changed", async () => {
    const store = await empty();
    const { id } = present(await store.insert(newPeriod(), { owner: "a", now: at(0), until: at(60) }));
    const decision = {
      ...{ period_id: id, kind: "period_lost", subject: "", action: "accept" },
      ...{ actor_id: "user_1", reason: "SEQR cannot say", decided_at: at(90) },
    };
    await store.decide(decision, { state: "lost" }, { is_open: false });
    expect(await db("seqr_decision").select("*")).toEqual([]);
    await store.decide(decision, { state: "marking" }, { is_open: false });
    expect(await db("seqr_decision").select("*")).toMatchObject([{ ...decision, invoice_id: null }]);
  });
});
