import { MikroORM } from "@medusajs/framework/mikro-orm/core";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { defineConfig } from "@medusajs/framework/mikro-orm/postgresql";
import { toMikroOrmEntities } from "@medusajs/framework/utils";
import { SeqrDecision } from "../../src/modules/seqr/models/seqr-decision";
import { SeqrInvoice } from "../../src/modules/seqr/models/seqr-invoice";
import { SeqrObservation } from "../../src/modules/seqr/models/seqr-observation";
import { SeqrPurchaseLock } from "../../src/modules/seqr/models/seqr-purchase-lock";
import { SeqrRefund } from "../../src/modules/seqr/models/seqr-refund";
import { at, newRefund } from "../unit/modules/ledger-contract";
import { makeDatabase, migrations, type LedgerDatabase } from "./kit/ledger-database";

const MODELS = [SeqrDecision, SeqrInvoice, SeqrObservation, SeqrPurchaseLock, SeqrRefund];

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

  it("lead back, each to what was there before it", async () => {
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
});
