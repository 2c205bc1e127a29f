// One PostgreSQL data folder on disk: makes it, starts and stops its server, and tells whether a server that is
// already running is ours. Files in the folder: data/ (with a file superuser-password of ours) and server.log.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { kill, platform } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.mjs";
import { Client, plainEnvironment } from "./postgres-binaries.mjs";

export const host = "127.0.0.1";
export const superuser = "postgres";

const answerWithinMilliseconds = 15_000;
const startAttempts = 4;

/** Whether there is a process with this id. */
export function isAlive(pid) {
  try {
    return kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** @param postgres what `postgresFor()` returned */
export function clusterIn(postgres) {
  const { folder, user, run, program } = postgres;
  const data = join(folder, "data");
  const log = join(folder, "server.log");
  const passwordFile = join(data, "superuser-password");

  /** Files that the server has to read or write belong to its user. */
  function writeForServer(file, text, mode = 0o600) {
    writeFileSync(file, text, { mode });
    if (user.uid !== undefined) chownSync(file, user.uid, user.gid);
  }

  const password = () => readFileSync(passwordFile, "utf8").trim();

  /** A data folder appears complete or not at all: it is made under another name first. */
  async function initialise() {
    const secret = randomBytes(16).toString("hex");
    const fresh = join(folder, "initialising");
    const secretForServer = join(folder, "initialising-password");
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    if (user.uid !== undefined) chownSync(fresh, user.uid, user.gid);
    writeForServer(secretForServer, secret);
    const { code, output } = await run("initdb", [
      `--pgdata=${fresh}`,
      `--username=${superuser}`,
      `--pwfile=${secretForServer}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-sync",
    ]);
    rmSync(secretForServer, { force: true });
    if (code !== 0) throw new Error(`PostgreSQL could not make ${data}:\n${output}`);
    writeFileSync(join(fresh, basename(passwordFile)), secret, { mode: 0o600 });
    renameSync(fresh, data);
  }

  /** A folder whose files PostgreSQL of another major version wrote is left alone. */
  function refuseOtherVersion() {
    const written = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
    const [major] = spawnSync(program("postgres"), ["--version"], { encoding: "utf8", ...user }).stdout.match(
      /\d+/,
    );
    if (written !== major)
      throw new Error(
        `${data} was made by PostgreSQL ${written}, this is ${major}. Remove ${folder} to start with an empty database.`,
      );
  }

  /** Process id and port from the file that a running server, or one that was killed, leaves. */
  function readPidFile() {
    try {
      const [pid, , , port] = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
      return { pid: Number(pid), port: Number(port) };
    } catch {
      return undefined;
    }
  }

  /** Whether a server at the port takes our password and works on our data folder. */
  async function answers(port) {
    const client = new Client({
      host,
      port,
      user: superuser,
      password: password(),
      database: "postgres",
      connectionTimeoutMillis: 2000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      const { rows } = await client.query("show data_directory");
      return realpathSync(rows[0].data_directory) === realpathSync(data);
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** Port of a server of ours that is already running; undefined when there is none. Clears away what a dead one left. */
  async function findRunning() {
    const found = readPidFile();
    if (!found) return undefined;
    const until = Date.now() + answerWithinMilliseconds;
    while (isAlive(found.pid) && mayBeServerOf(found.pid, data)) {
      if (await answers(found.port)) return found.port;
      if (Date.now() > until) {
        // Ours, but it does not talk to us: starting for ever, or shutting down and waiting for somebody.
        await shutDown("immediate");
        break;
      }
      await sleep(250);
    }
    rmSync(join(data, "postmaster.pid"), { force: true });
    return undefined;
  }

  /** Starts the server. Returns its port: the wanted one when it is free. */
  async function start({ port: wanted, durable }) {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(wanted, host);
      writeForServer(join(data, "postgresql.auto.conf"), settings(port, durable));
      writeForServer(log, "");
      const { code, output } = await run("pg_ctl", [
        "start",
        "--wait",
        "--timeout=60",
        `--pgdata=${data}`,
        `--log=${log}`,
      ]);
      if (code === 0 && (await answers(port))) return port;
      // Somebody may have taken the port meanwhile, or processes of a killed server may need a moment to go away.
      if (attempt < startAttempts) await sleep(500 * attempt);
      else
        throw new Error(
          `PostgreSQL does not start in ${folder}:\n${output}\n${readFileSync(log, "utf8").trim()}`,
        );
    }
  }

  /** Stops the server: "fast" ends the sessions in good order, "immediate" leaves recovery to the next start. */
  async function shutDown(mode = "fast") {
    const { code } = await run("pg_ctl", [
      "stop",
      "--wait",
      "--timeout=30",
      `--mode=${mode}`,
      `--pgdata=${data}`,
    ]);
    if (code !== 0 && mode === "fast" && readPidFile()) await shutDown("immediate");
  }

  /** For the end of this process, when nothing can be waited for any more. */
  function shutDownNow() {
    spawnSync(program("pg_ctl"), ["stop", "--no-wait", "--mode=fast", `--pgdata=${data}`], {
      ...user,
      cwd: folder,
      env: plainEnvironment(),
      stdio: "ignore",
    });
  }

  return {
    password,
    initialise,
    isInitialised: () => existsSync(data),
    refuseOtherVersion,
    findRunning,
    start,
    shutDown,
    shutDownNow,
    remove() {
      for (const file of [data, log, join(folder, "native")]) rmSync(file, { recursive: true, force: true });
    },
  };
}

/** Server settings, written anew at each start. On loopback only, and no socket file, whose path may be too long. */
function settings(port, durable) {
  const lines = [
    `port = ${port}`,
    `listen_addresses = '${host}'`,
    "unix_socket_directories = ''",
    "max_connections = 200",
    "timezone = 'UTC'",
  ];
  if (!durable) lines.push("fsync = off", "synchronous_commit = off", "full_page_writes = off");
  return `${lines.join("\n")}\n`;
}

/** Process ids are used again: whether this one can be the server of the data folder. */
function mayBeServerOf(pid, data) {
  if (platform === "linux") {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(data);
    } catch {
      return false;
    }
  }
  const { status, stdout } = spawnSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  return status === null || stdout.includes(data); // no ps here: let its answer tell
}
