import { readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { knex, type Knex } from "@medusajs/framework/mikro-orm/knex";
import type { Migration } from "@medusajs/framework/mikro-orm/migrations";
import { startPostgres } from "../../../testkit/postgres";

const MIGRATIONS = join(__dirname, "../../../src/modules/seqr/migrations");

/** The module's migrations in the order in which Medusa runs them. */
export const migrations = readdirSync(MIGRATIONS)
  .map((file) => parse(file).name)
  .filter((name) => /^Migration\d+$/.test(name))
  .sort();

/** A database of one test file, with nothing in it. */
export interface LedgerDatabase {
  db: Knex;
  /** A pool of connections of its own, as each Medusa process has one. */
  connect(pool?: Knex.PoolConfig): Knex;
  /** Runs a migration. */
  migrate(name: string, direction?: "up" | "down"): Promise<void>;
  /** The database is gone afterwards. */
  drop(): Promise<void>;
}

export async function makeDatabase(): Promise<LedgerDatabase> {
  const postgres = await startPostgres({
    directory: join(__dirname, "../../../.cache/test-postgres"),
    persistent: true,
  });
  const database = `seqr_ledger_${process.pid}`;
  await postgres.dropDatabase(database);
  await postgres.createDatabase(database);
  const connect = (pool: Knex.PoolConfig = { min: 1, max: 10 }): Knex =>
    knex({ client: "pg", connection: { connectionString: postgres.url(database) }, pool });
  const db = connect();
  return {
    db,
    connect,
    async migrate(name, direction = "up") {
      const found = (await import(join(MIGRATIONS, name))) as Record<
        string,
        new (...given: never[]) => Migration
      >;
      const Found = found[name];
      if (!Found) throw new Error(`${name} is not what its file exports`);
      const migration = new Found();
      await migration[direction]();
      for (const statement of migration.getQueries()) await db.raw(String(statement));
    },
    async drop() {
      await db.destroy();
      await postgres.dropDatabase(database);
      await postgres.stop();
    },
  };
}

/** The same with the ledger's tables. */
export async function makeLedgerDatabase(): Promise<LedgerDatabase> {
  const made = await makeDatabase();
  for (const name of migrations) await made.migrate(name);
  return made;
}
