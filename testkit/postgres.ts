// A PostgreSQL server for the demo, the tests and the benchmarks, from an npm package: nothing else has to be installed.
// Several processes may use the server of one folder; the last one that stops using it stops it. With the environment
// variable SEQR_TEST_DATABASE_URL a server that is already there is used instead.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client as PgClient } from "pg";
import { Cluster, host, isAlive, superuser } from "./postgres/cluster";
import { Client, postgresFor } from "./postgres/programs";

/** Options of `startPostgres`. */
export interface PostgresOptions {
  /** Where the data is kept. Made when missing. */
  directory: string;
  /** Wanted TCP port; another one is taken when it is not free. Default: any free port. */
  port?: number;
  /** Keep the data after `stop()`. Default: false. */
  persistent?: boolean;
  /** Survive a power cut, at the price of speed. Default: the value of `persistent`. */
  durable?: boolean;
  /** Receives a line of text for each long step. Default: nothing is written. */
  log?: (line: string) => void;
}

/** A running server, started, joined, or the one of SEQR_TEST_DATABASE_URL. */
export interface Postgres {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Address of a database, for `databaseUrl` and the like. */
  url(databaseName: string): string;
  /** Runs one statement in a database. Returns its rows. */
  query<Row = Record<string, unknown>>(
    database: string,
    statement: string,
    values?: unknown[],
  ): Promise<Row[]>;
  /** Makes a database, as a copy of another if wanted. Returns false when it was there already. */
  createDatabase(name: string, template?: string): Promise<boolean>;
  /** Drops a database if it exists, ending its sessions. */
  dropDatabase(name: string): Promise<void>;
  /** Stops the server when no other process uses it. A server of SEQR_TEST_DATABASE_URL is left alone. */
  stop(): Promise<void>;
}

const lockWaitMilliseconds = 120_000;
/** duplicate_database, and unique_violation when another process makes it at the same moment. */
const alreadyThere = ["42P04", "23505"];
let usages = 0;

/** Starts the server of a folder, or joins the one that is already running there. */
export async function startPostgres({
  directory,
  port,
  persistent = false,
  durable = persistent,
  log = () => {},
}: PostgresOptions): Promise<Postgres> {
  const external = process.env.SEQR_TEST_DATABASE_URL;
  if (external) return handle(new URL(external), async () => {});

  const postgres = postgresFor(directory);
  if (postgres.folder !== resolve(directory)) log(`The database is in ${postgres.folder}`);
  const cluster = new Cluster(postgres);
  const users = usersOf(postgres.folder);

  const server = await exclusively(postgres.folder, async () => {
    const running = await startOrJoin(cluster, { port, durable, log });
    users.join();
    return new URL(`postgres://${superuser}:${cluster.password()}@${host}:${running}/postgres`);
  });

  const leaveAtExit = (): void => {
    users.leave();
    if (users.count() === 0) cluster.shutDownNow();
  };
  process.once("exit", leaveAtExit);

  let stopped = false;
  return handle(server, async () => {
    if (stopped) return;
    stopped = true;
    process.removeListener("exit", leaveAtExit);
    await exclusively(postgres.folder, async () => {
      users.leave();
      if (users.count() > 0) return;
      await cluster.shutDown();
      if (!persistent) cluster.remove();
    });
    if (!persistent) removeIfEmpty(postgres.folder);
  });
}

/** @returns the server's port */
async function startOrJoin(
  cluster: Cluster,
  { port, durable, log }: { port: number | undefined; durable: boolean; log: (line: string) => void },
): Promise<number> {
  const running = cluster.isInitialised() ? await cluster.findRunning() : undefined;
  if (running) return running;
  if (!cluster.isInitialised()) {
    log("Making a new PostgreSQL database folder");
    await cluster.initialise();
  }
  cluster.refuseOtherVersion();
  log("Starting PostgreSQL");
  return cluster.start({ port, durable });
}

/** What the caller works with. @param server its address, with the database for administration */
function handle(server: URL, stop: () => Promise<void>): Postgres {
  const url = (database: string): string => {
    const address = new URL(server);
    address.pathname = `/${encodeURIComponent(database)}`;
    return address.href;
  };
  const administration = server.pathname.length > 1 ? server.href : url("postgres");
  return {
    host: server.hostname,
    port: Number(server.port || 5432),
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    url,
    query: <Row>(database: string, statement: string, values?: unknown[]) =>
      withClient(url(database), async (client) => (await client.query(statement, values)).rows as Row[]),
    createDatabase: (name, template = "template1") =>
      withClient(administration, async (client) => {
        try {
          const [made, copied] = [name, template].map((text) => client.escapeIdentifier(text));
          await client.query(`create database ${made} template ${copied}`);
          return true;
        } catch (error) {
          if (alreadyThere.includes((error as { code?: string }).code ?? "")) return false;
          throw error;
        }
      }),
    dropDatabase: (name) =>
      withClient(administration, async (client) => {
        await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
      }),
    stop,
  };
}

async function withClient<T>(connectionString: string, work: (client: PgClient) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Who uses the server of a folder: one file per use, named for the process. Those of dead processes do not count. */
function usersOf(folder: string): { join(): void; leave(): void; count(): number } {
  const list = join(folder, "users");
  const own = join(list, `${process.pid}.${++usages}`);
  return {
    join() {
      mkdirSync(list, { recursive: true });
      writeFileSync(own, "");
    },
    leave: () => rmSync(own, { force: true }),
    count() {
      if (!existsSync(list)) return 0;
      const names = readdirSync(list);
      for (const name of names)
        if (!isAlive(Number.parseInt(name))) rmSync(join(list, name), { force: true });
      return names.filter((name) => existsSync(join(list, name))).length;
    },
  };
}

/** Runs one start or stop at a time in a folder, also across processes. */
async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, "lock");
  const until = Date.now() + lockWaitMilliseconds;
  while (!take(lock)) {
    if (Date.now() > until)
      throw new Error(`Another process keeps ${lock}. Remove the file if there is none.`);
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    const file = openSync(lock, "wx");
    writeFileSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  // Left by a process that was killed? An empty file may be one that is just being written.
  const owner = Number(readTextOf(lock));
  if (owner > 0 && owner !== process.pid && !isAlive(owner)) rmSync(lock, { force: true });
  return false;
}

function readTextOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(join(folder, "users"));
    rmdirSync(folder);
  } catch {
    // Not empty: other users of the server, or files that are not ours.
  }
}
