// The Medusa store that the benchmarks use: the demo's, with the packed plugin and a database of its own that is filled
// anew for each run. It is made when the first benchmark asks for it.
import { join } from "node:path";
import { startPostgres, type Postgres } from "../testkit/postgres";
import { startSandbox, type SandboxProcess } from "../testkit/sandbox";
import {
  makeStore,
  migrateStore,
  seedStore,
  startStore,
  type RunningStore,
  type Seeded,
  type StoreEnvironment,
} from "../testkit/store";

const DATABASE = "seqr_bench";

/** One statement in a database. */
export type Sql = <Row = Record<string, unknown>>(statement: string, values?: unknown[]) => Promise<Row[]>;

export interface Database {
  url: string;
  sql: Sql;
  drop(): Promise<void>;
}

interface MadeStore {
  postgres: Postgres;
  /** The store's folder. */
  directory: string;
  seeded: Seeded;
  env: StoreEnvironment;
}

export class BenchStore {
  #made: Promise<MadeStore> | undefined;

  /**
   * @param folder where the store and the database are kept
   * @param say receives a line before each long step
   */
  constructor(
    private readonly folder: string,
    private readonly say: (line: string) => void,
  ) {}

  /** The store, made but not running. */
  get(): Promise<MadeStore> {
    return (this.#made ??= this.#make());
  }

  /** Starts its server. @param options.env more of its environment */
  async start({
    env = {},
    log = () => {},
  }: { env?: StoreEnvironment; log?: (text: string) => void } = {}): Promise<RunningStore> {
    const { directory, env: own } = await this.get();
    return startStore(directory, { env: { ...own, ...env }, log });
  }

  /** One statement in its database. */
  readonly sql: Sql = async (statement, values) => {
    const { postgres } = await this.get();
    return postgres.query(DATABASE, statement, values);
  };

  /** A copy of its database, in which the plugin's tables are empty. Its server must not be running. */
  async copy(name: string): Promise<Database> {
    const { postgres } = await this.get();
    const database = `${DATABASE}_${name}`;
    await postgres.dropDatabase(database);
    await postgres.createDatabase(database, DATABASE);
    const sql: Sql = (statement, values) => postgres.query(database, statement, values);
    await sql(
      "truncate seqr_invoice, seqr_observation, seqr_refund, seqr_decision, seqr_period, seqr_report_row, seqr_reconciliation_item",
    );
    return { url: postgres.url(database), sql, drop: () => postgres.dropDatabase(database) };
  }

  async close(): Promise<void> {
    const made = await this.#made?.catch(() => undefined);
    await made?.postgres.stop();
  }

  async #make(): Promise<MadeStore> {
    // Durable, as a merchant's database is: what a commit costs is part of what is measured.
    const postgres = await startPostgres({
      directory: join(this.folder, "postgres"),
      persistent: true,
      durable: true,
      log: this.say,
    });
    try {
      const directory = await makeStore(join(this.folder, "store"), this.say);
      await postgres.dropDatabase(DATABASE);
      await postgres.createDatabase(DATABASE);
      const env = { DATABASE_URL: postgres.url(DATABASE) };
      this.say("Making the database's tables");
      await migrateStore(directory, env);
      this.say("Filling the store with goods");
      const seeded = await seedStore(directory, env);
      return { postgres, directory, seeded, env };
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }
}

/** A running store with a SEQR of its own. */
export interface RunningShop {
  store: BenchStore;
  server: RunningStore;
  sandbox: SandboxProcess;
  seeded: Seeded;
  say: (line: string) => void;
}

/**
 * Starts the store's server and a sandbox, does the work, and stops both. When the work fails, it shows what the server
 * has printed last.
 *
 * @param options.env more of the server's environment
 * @param options.prepare work before the server starts
 */
export async function withRunningShop<T>(
  { store, say }: { store: BenchStore; say: (line: string) => void },
  { env = {}, prepare }: { env?: StoreEnvironment; prepare?: (sandbox: SandboxProcess) => Promise<void> },
  work: (shop: RunningShop) => Promise<T>,
): Promise<T> {
  const { directory, seeded } = await store.get();
  const sandbox = await startSandbox(directory);
  let server: RunningStore | undefined;
  try {
    await prepare?.(sandbox);
    say("Starting the store");
    server = await store.start({ env: { SEQR_ENDPOINT: sandbox.endpoint, ...env } });
    return await work({ store, server, sandbox, seeded, say });
  } catch (error) {
    if (server) say(`The last that the store has printed:\n${server.output().slice(-5_000)}`);
    throw error;
  } finally {
    await server?.stop();
    await sandbox.stop();
  }
}
