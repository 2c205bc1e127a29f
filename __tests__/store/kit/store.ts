import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox, type RunningSandbox, type SandboxOptions } from "../../../src/sandbox";
import { startPostgres, type Postgres } from "../../../testkit/postgres";
import * as tools from "../../../testkit/store";
import type { RunningStore, Seeded, StoreEnvironment } from "../../../testkit/store";
import { prepareStore, type PreparedStore } from "../../setup/prepared-store";
import { CANARY, canarySecrets, expectNoSecrets } from "./secrets";
import { Shopper } from "./shopper";
import { Staff } from "./staff";

/** A booted Medusa with the installed plugin, its own database, and its own SEQR. */
export interface TestStore {
  server: RunningStore;
  /** Its folder, and what its processes have in their environment. */
  directory: string;
  env: StoreEnvironment;
  sandbox: RunningSandbox;
  seeded: Seeded;
  /** Everything that its servers and scripts have printed so far. */
  log(): string;
  /** One statement in the store's database. */
  sql<Row = Record<string, unknown>>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** @param options.url of another server of the store; @param options.email to tell the shopper from others */
  shopper(options?: { url?: string; email?: string }): Shopper;
  staff(): Promise<Staff>;
  /** Starts a further server on the same database, or one that was killed again at its port. */
  startServer(env?: StoreEnvironment, port?: number): Promise<RunningStore>;
  /** Runs a script of this folder in the store, with Medusa's container. */
  runScript(name: string, env?: StoreEnvironment): Promise<void>;
  /** Runs a script that the package brings, as a merchant does. Gives what it printed. */
  runOwnScript(name: string, env?: StoreEnvironment): Promise<string>;
  /**
   * Stops everything.
   *
   * @param options.leavingOut lines that Medusa itself printed of a failure that the test planted
   * @throws {Error} when a secret was logged
   */
  stop(options?: { leavingOut?: RegExp }): Promise<void>;
}

export interface TestStoreOptions {
  env?: StoreEnvironment;
  sandbox?: SandboxOptions;
  /** Whether the environment brings modules with tables of their own. */
  migrate?: boolean;
  /** Somebody between the store and SEQR; is stopped with the store. */
  between?: (sandbox: RunningSandbox) => Promise<{ endpoint: string; stop(): Promise<void> }>;
  /** A PostgreSQL of the test's own. Default: the suite's. */
  postgres?: Postgres;
}

/** Starts a store for a test file, with a copy of the prepared database. */
export async function startTestStore({
  env = {},
  sandbox: options = {},
  migrate = false,
  between,
  postgres: own,
}: TestStoreOptions = {}): Promise<TestStore> {
  const postgres =
    own ??
    (await startPostgres({
      directory: join(__dirname, "../../../.cache/test-postgres"),
      persistent: true,
    }));
  const { directory, template, seeded } = own ? await prepareStore(own) : ofTheSuite();

  const database = `seqr_test_${process.pid}_${++made}`;
  await postgres.dropDatabase(database);
  await postgres.createDatabase(database, template);
  const sandbox = await startSandbox({
    terminals: [CANARY.terminal],
    shopper: CANARY.payer,
    // The most that SEQR may tell of the payer.
    notification: { body: "four-field" },
    ...options,
  });
  const middleman = await between?.(sandbox);
  const everywhere: StoreEnvironment = {
    DATABASE_URL: postgres.url(database),
    SEQR_ENDPOINT: middleman?.endpoint ?? sandbox.endpoint,
    SEQR_TERMINAL_ID: CANARY.terminal.id,
    SEQR_PASSWORD: CANARY.terminal.password,
    ...env,
  };
  if (migrate) await tools.migrateStore(directory, everywhere);
  let printed = "";
  const log = (text: string): void => void (printed += text);
  const startServer = (more: StoreEnvironment = {}, port?: number): Promise<RunningStore> =>
    tools.startStore(directory, {
      env: { ...everywhere, ...more },
      log,
      ...(port !== undefined && { port }),
    });
  const servers: RunningStore[] = [await startServer()];
  const [server] = servers;
  if (!server) throw new Error("no server");

  return {
    server,
    directory,
    env: everywhere,
    sandbox,
    seeded,
    log: () => printed,
    sql: (statement, values) => postgres.query(database, statement, values),
    shopper: ({ url = server.url, email } = {}) => new Shopper(url, seeded, email),
    staff: () => Staff.login(server.url, tools.STAFF),
    startServer: async (more, port) => {
      const another = await startServer(more, port);
      servers.push(another);
      return another;
    },
    runScript: async (name, more) => {
      copyFileSync(join(__dirname, name), join(directory, "src/scripts", name));
      await tools.runScript(directory, `./src/scripts/${name}`, { ...everywhere, ...more }, { log });
    },
    runOwnScript: async (name, more) => {
      const before = printed.length;
      const path = `./node_modules/medusa-payment-seqr/.medusa/server/src/scripts/${name}.js`;
      await tools.runScript(directory, path, { ...everywhere, ...more }, { log });
      return printed.slice(before);
    },
    stop: async ({ leavingOut } = {}) => {
      await Promise.all(servers.map((running) => running.stop()));
      await middleman?.stop();
      await sandbox.stop();
      const hashes = await postgres.query<{ hash: string }>(
        database,
        "select unnest(array[token_hash, notification_token_hash]) as hash from seqr_invoice",
      );
      await postgres.dropDatabase(database);
      if (!own) await postgres.stop();
      const log = leavingOut ? printed.replace(leavingOut, "") : printed;
      expectNoSecrets(log, canarySecrets(hashes.map(({ hash }) => hash)));
    },
  };
}

let made = 0;

/** What the suite's set-up has prepared for all its test files. */
function ofTheSuite(): PreparedStore {
  const prepared = process.env.SEQR_TEST_STORE;
  if (!prepared) throw new Error("SEQR_TEST_STORE is missing: start-servers.ts sets it");
  return JSON.parse(prepared) as PreparedStore;
}
