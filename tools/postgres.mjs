// A PostgreSQL server for the demo, the tests and the benchmarks, from an npm package: nothing else has to be installed.
// Several processes may use the server of one folder; the last one that stops using it stops it. With the environment
// variable SEQR_TEST_DATABASE_URL a server that is already there is used instead.
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, postgresFor } from "./postgres-binaries.mjs";
import { clusterIn, host, isAlive, superuser } from "./postgres-cluster.mjs";

const lockWaitMilliseconds = 120_000;
/** duplicate_database, and unique_violation when somebody else makes it at the same moment. */
const alreadyThere = new Set(["42P04", "23505"]);
let usages = 0;

/**
 * Starts the server of a folder, or joins the one that is already running there.
 * @param options.directory where the data is kept
 * @param options.port wanted TCP port; another one is taken when it is not free. Default: any free port
 * @param options.persistent keep the data after `stop()`; default false
 * @param options.durable survive a power cut (slower); default: the value of `persistent`
 * @param options.log receives a line of text for each long step; default: nothing is written
 * @returns see postgres.d.mts
 */
export async function startPostgres({
  directory,
  port,
  persistent = false,
  durable = persistent,
  log = () => {},
}) {
  const external = process.env.SEQR_TEST_DATABASE_URL;
  if (external) return handle(new URL(external), async () => {});

  const postgres = postgresFor(directory);
  if (postgres.folder !== resolve(directory)) log(`The database is in ${postgres.folder}`);
  const cluster = clusterIn(postgres);
  const users = usersOf(postgres.folder);

  const server = await exclusively(postgres.folder, async () => {
    let running = cluster.isInitialised() ? await cluster.findRunning() : undefined;
    if (!running) {
      if (!cluster.isInitialised()) {
        log("Making a new PostgreSQL database folder");
        await cluster.initialise();
      }
      cluster.refuseOtherVersion();
      log("Starting PostgreSQL");
      running = await cluster.start({ port, durable });
    }
    users.join();
    return new URL(`postgres://${superuser}:${cluster.password()}@${host}:${running}/postgres`);
  });

  const leaveAtExit = () => {
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

/** What the caller works with. @param server address of the server, with the database for administration */
function handle(server, stop) {
  const url = (database) => {
    const address = new URL(server);
    address.pathname = `/${encodeURIComponent(database)}`;
    return address.href;
  };
  const administer = async (
    statement,
    connectionString = server.pathname.length > 1 ? server.href : url("postgres"),
  ) => {
    const client = new Client({ connectionString });
    client.on("error", () => {});
    await client.connect();
    try {
      return await statement(client);
    } finally {
      await client.end();
    }
  };
  return {
    host: server.hostname,
    port: Number(server.port || 5432),
    user: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    url,
    query: (database, statement, values) =>
      administer(async (client) => (await client.query(statement, values)).rows, url(database)),
    createDatabase: (name, template = "template1") =>
      administer(async (client) => {
        try {
          const [made, copied] = [name, template].map((text) => client.escapeIdentifier(text));
          await client.query(`create database ${made} template ${copied}`);
          return true;
        } catch (error) {
          if (alreadyThere.has(error.code)) return false;
          throw error;
        }
      }),
    dropDatabase: (name) =>
      administer(async (client) => {
        await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
      }),
    stop,
  };
}

/** Who uses the server of a folder: one file per use, named for the process. Those of dead processes do not count. */
function usersOf(folder) {
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
async function exclusively(folder, work) {
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

function take(lock) {
  try {
    const file = openSync(lock, "wx");
    writeFileSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  // Left by a process that was killed? An empty file may be one that is just being written.
  const owner = Number(readTextOf(lock));
  if (owner > 0 && owner !== process.pid && !isAlive(owner)) rmSync(lock, { force: true });
  return false;
}

function readTextOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function removeIfEmpty(folder) {
  try {
    rmdirSync(join(folder, "users"));
    rmdirSync(folder);
  } catch {
    // Not empty: others still use the server, or somebody keeps files of their own here.
  }
}
