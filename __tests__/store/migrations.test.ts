import { MikroORM } from "@medusajs/framework/mikro-orm/core";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { defineConfig } from "@medusajs/framework/mikro-orm/postgresql";
import { toMikroOrmEntities } from "@medusajs/framework/utils";
import { SeqrDecision } from "../../src/modules/seqr/models/seqr-decision";
import { SeqrInvoice } from "../../src/modules/seqr/models/seqr-invoice";
import { SeqrNotification } from "../../src/modules/seqr/models/seqr-notification";
import { SeqrObservation } from "../../src/modules/seqr/models/seqr-observation";
import { SeqrPeriod } from "../../src/modules/seqr/models/seqr-period";
import { SeqrPeriodReport } from "../../src/modules/seqr/models/seqr-period-report";
import { SeqrPurchaseLock } from "../../src/modules/seqr/models/seqr-purchase-lock";
import { SeqrReceipt } from "../../src/modules/seqr/models/seqr-receipt";
import { SeqrReconciliationItem } from "../../src/modules/seqr/models/seqr-reconciliation-item";
import { SeqrRefund } from "../../src/modules/seqr/models/seqr-refund";
import { SeqrReportRow } from "../../src/modules/seqr/models/seqr-report-row";
import { SeqrServer } from "../../src/modules/seqr/models/seqr-server";
import { INVOICE_STATES, isOfReservation } from "../../src/modules/seqr/invoice/states";
import type { NewInvoice } from "../../src/modules/seqr/ledger/ledger";
import { PostgresLedger } from "../../src/modules/seqr/ledger/postgres-ledger";
import { at, newDecision, newInvoice, newRefund } from "../unit/modules/ledger-contract";
import { makeDatabase, migrations, type LedgerDatabase } from "./kit/ledger-database";

const MODELS = [
  ...[SeqrDecision, SeqrInvoice, SeqrObservation, SeqrPurchaseLock, SeqrReceipt, SeqrRefund],
  ...[SeqrPeriod, SeqrPeriodReport, SeqrReportRow, SeqrReconciliationItem],
  ...[SeqrNotification, SeqrServer],
];

let database: LedgerDatabase;
/** A single connection, since it is told which schema it works in. */
let db: Knex;

beforeEach(async () => {
  database = await makeDatabase();
  db = database.connect({ min: 1, max: 1 });
});

afterEach(async () => {
  await db?.destroy();
  await database?.drop();
});

const listed = async (sql: string, schema: string): Promise<string[]> => {
  const { rows } = await db.raw<{ rows: { line: string }[] }>(sql, { schema });
  return rows.map(({ line }) => line.replaceAll(`${schema}.`, "")).sort();
};

/** Columns, indexes and conditions of all tables, in PostgreSQL's own words. */
const tablesOf = (schema: string): Promise<string[]> =>
  listed(
    `select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) as line
       from information_schema.columns where table_schema = :schema
     union all select indexdef from pg_indexes where schemaname = :schema
     union all select concat_ws(' ', relname, conname, pg_get_constraintdef(pg_constraint.oid))
       from pg_constraint join pg_class on pg_class.oid = conrelid join pg_namespace on pg_namespace.oid = connamespace
       where nspname = :schema`,
    schema,
  );

/** What PostgreSQL does by itself when a row changes. */
const triggersOf = (schema: string): Promise<string[]> =>
  listed(
    `select pg_get_triggerdef(pg_trigger.oid) as line from pg_trigger join pg_class on pg_class.oid = tgrelid
       join pg_namespace on pg_namespace.oid = relnamespace where not tgisinternal and nspname = :schema
     union all select concat_ws(' ', proname, prosrc)
       from pg_proc join pg_namespace on pg_namespace.oid = pronamespace where nspname = :schema`,
    schema,
  );

describe("the module's migrations", () => {
  it("make the tables, with every index and condition, that the models say", async () => {
    for (const name of migrations) await database.migrate(name);
    const orm = await MikroORM.init(
      defineConfig({ dbName: "none", connect: false, entities: toMikroOrmEntities(MODELS) }),
    );
    await db.raw("create schema models; set search_path to models");
    await db.raw((await orm.schema.getCreateSchemaSQL()).replaceAll("?", "\\?"));
    const wanted = await tablesOf("models");
    expect(wanted).toContainEqual(expect.stringMatching(/^CREATE UNIQUE INDEX "IDX_seqr_invoice_payable"/));
    expect(await tablesOf("public")).toEqual(wanted);
  });

  it("can be reverted, each to the schema before it", async () => {
    const everything = async () => [...(await tablesOf("public")), ...(await triggersOf("public"))];
    for (const name of migrations) {
      const before = await everything();
      await database.migrate(name);
      const after = await everything();
      expect(after).not.toEqual(before);
      await database.migrate(name, "down");
      expect({ name, left: await everything() }).toEqual({ name, left: before });
      await database.migrate(name);
      expect({ name, made: await everything() }).toEqual({ name, made: after });
    }
  });

  it("keep every refund of a time when two could have one key, and leave the key to the first", async () => {
    const index = migrations.indexOf("Migration20261128070000");
    for (const name of migrations.slice(0, index)) await database.migrate(name);
    const row = (id: string, invoice_id: string, more: object = {}): object => ({
      ...newRefund(invoice_id, { idempotency_key: "key" }),
      ...{ id, state: "done", ...more },
    });
    await db("seqr_refund").insert([
      row("second", "one", { requested_at: at(2) }),
      row("first", "one", { requested_at: at(1) }),
      row("refused", "one", { state: "refused", requested_at: at(0) }),
      row("deleted", "one", { deleted_at: at(9), requested_at: at(0) }),
      row("another key", "one", { idempotency_key: "another" }),
      row("of another invoice", "other"),
    ]);
    for (const name of migrations.slice(index)) await database.migrate(name);
    const rows = await db("seqr_refund").select<{ id: string; idempotency_key: string }[]>("*");
    expect(Object.fromEntries(rows.map(({ id, idempotency_key }) => [id, idempotency_key]))).toEqual({
      first: "key",
      second: "key#second",
      refused: "key",
      deleted: "key",
      "another key": "another",
      "of another invoice": "key",
    });
  });

  it("rename states, kinds and sources of what is there, and what reads them finds everything", async () => {
    const index = migrations.indexOf("Migration20261128180000");
    for (const name of migrations.slice(0, index)) await database.migrate(name);
    const { rows } = await db.raw<{ rows: { check: string }[] }>(
      `select pg_get_constraintdef(oid) as "check" from pg_constraint where conname = 'seqr_invoice_state_check'`,
    );
    const states = [...(rows[0]?.check ?? "").matchAll(/'(\w+)'/g)].map(([, state]) => String(state));
    const known = INVOICE_STATES.filter((state) => !isOfReservation(state));
    expect(states).toHaveLength(known.length);
    await db("seqr_invoice").insert(
      states.map((state) => {
        // Columns of later migrations are left out.
        const invoice: Partial<NewInvoice> = newInvoice({ payment_collection_id: state, due_at: at(0) });
        delete invoice.terminal;
        delete invoice.reservation_time;
        return { ...invoice, id: state, state, order_id: state, settled_at: at(7) };
      }),
    );
    const kinds = ["settling", "reversing", "returning", "return_refused", "refund_unknown"];
    await db("seqr_decision").insert(
      kinds.map((kind) => ({ ...newDecision("paid", { kind: kind as never }), id: kind })),
    );
    const sources = ["return", "watch"];
    await db("seqr_observation").insert(
      sources.map((source) => ({
        id: source,
        invoice_id: "paid",
        source,
        operation: "getPaymentStatus",
        status: "PAID",
        version: 1,
        result: "0",
        observed_at: at(1),
      })),
    );
    await db("seqr_refund").insert([
      { ...newRefund("owed", { idempotency_key: "return-owed" }), id: "by itself", state: "done" },
      { ...newRefund("settled", { idempotency_key: "return-other" }), id: "by a person", state: "done" },
    ]);

    for (const name of migrations.slice(index)) await database.migrate(name);

    const ledger = new PostgresLedger(db);
    const now = Object.fromEntries((await ledger.findAll(states)).map(({ id, state }) => [id, state]));
    expect(now).toEqual({
      ...{ sending: "sending", open: "open", canceling: "canceling", declined: "unacknowledged" },
      ...{ paid: "paid", captured: "captured", settled: "completed", owed: "refund_due" },
      ...{ returning: "refunding", returned: "refunded", waived: "closed_by_staff" },
      ...{ canceled: "canceled", expired: "expired", failed: "failed", void: "not_issued" },
    });
    expect(Object.values(now).sort()).toEqual([...known].sort());
    expect((await ledger.find({ id: "settled" }))?.completed_at).toEqual(at(7));
    expect((await ledger.placedWith(["settled"])).map(({ id }) => id)).toEqual(["settled"]);
    const due = await ledger.acquireDueLeases({ owner: "watch", until: at(60), now: at(30), limit: 99 });
    expect(due.map(({ id }) => id).sort()).toEqual([...states].sort());
    const decided = await ledger.decisionsOf(["paid"]);
    expect(decided.map(({ kind }) => kind).sort()).toEqual([
      "awaiting_reversal",
      "order_pending",
      "refund_refused",
      "refund_unknown",
      "refunding",
    ]);
    expect((await db("seqr_observation").orderBy("id").pluck("source")) as string[]).toEqual([
      "browser",
      "watch",
    ]);
    const keys = (await db("seqr_refund").orderBy("id").pluck("idempotency_key")) as string[];
    expect(keys).toEqual(["return-other", "refund-owed"]);
    await expect(db("seqr_invoice").where({ id: "open" }).update({ state: "declined" })).rejects.toThrow(
      "state_check",
    );
  });

  it("leave payments and refunds of before the receipts without one, and give one to the next", async () => {
    const index = migrations.indexOf("Migration20261129000000");
    for (const name of migrations.slice(0, index)) await database.migrate(name);
    const row = (id: string, state: string, ers_reference: string): object => ({
      ...newInvoice(),
      ...{ id, state, ers_reference },
    });
    await db("seqr_invoice").insert([row("old", "completed", "1"), row("new", "captured", "2")]);
    for (const name of migrations.slice(index)) await database.migrate(name);
    const ledger = new PostgresLedger(db);
    expect(await ledger.receiptsOf(["old", "new"])).toEqual([]);
    await ledger.transition("new", "completed", { state_since: at(1) });
    expect(await ledger.receiptsOf(["old", "new"])).toMatchObject([
      { invoice_id: "new", ers_reference: "2" },
    ]);
  });
});
