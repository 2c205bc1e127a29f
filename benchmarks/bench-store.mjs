// The Medusa store that the benchmarks use: the demo's, with the packed plugin and a database of its own that is filled
// anew for each run. It is made when the first benchmark asks for it.
import { join } from "node:path";
import { startPostgres } from "../tools/postgres.mjs";
import { makeStore, migrateStore, seedStore, startStore } from "../tools/store.mjs";

const DATABASE = "seqr_bench";

/**
 * @param folder where the store and the database are kept
 * @param say receives a line before each long step
 */
export function benchStore(folder, say) {
  let made;
  let postgres;

  async function make() {
    // Durable, as a merchant's database is: what a commit costs is part of what is measured.
    postgres = await startPostgres({
      directory: join(folder, "postgres"),
      persistent: true,
      durable: true,
      log: say,
    });
    const directory = await makeStore(join(folder, "store"), say);
    await postgres.dropDatabase(DATABASE);
    await postgres.createDatabase(DATABASE);
    const env = { DATABASE_URL: postgres.url(DATABASE) };
    say("Making the database's tables");
    await migrateStore(directory, env);
    say("Filling the store with goods");
    const seeded = await seedStore(directory, env);
    return { directory, seeded, env };
  }

  /** The store, made but not running. */
  const get = () => (made ??= make());

  return {
    get,
    /** Starts its server. @param env more of its environment */
    async start({ env = {}, log } = {}) {
      const { directory, env: own } = await get();
      return startStore(directory, { env: { ...own, ...env }, log });
    },
    /** One statement in its database. */
    sql: (statement, values) => postgres.query(DATABASE, statement, values),
    /** A copy of its database, in which the plugin's tables are empty. Its server must not be running. */
    async copy(name) {
      await get();
      const database = `${DATABASE}_${name}`;
      await postgres.dropDatabase(database);
      await postgres.createDatabase(database, DATABASE);
      const sql = (statement, values) => postgres.query(database, statement, values);
      await sql("truncate seqr_invoice, seqr_observation, seqr_refund, seqr_decision");
      return { url: postgres.url(database), sql, drop: () => postgres.dropDatabase(database) };
    },
    async close() {
      await postgres?.stop();
    },
  };
}
