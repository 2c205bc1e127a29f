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
import { freePort } from "../free-port";
import { Client, plainEnvironment, type PostgresPrograms } from "./programs";

export const host = "127.0.0.1";
export const superuser = "postgres";

const answerWithinMilliseconds = 15_000;
const startAttempts = 4;

/** Whether there is a process with this id. */
export function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The PostgreSQL data folder in a folder, and its server. */
export class Cluster {
  readonly #postgres: PostgresPrograms;
  readonly #data: string;
  readonly #log: string;
  readonly #passwordFile: string;

  constructor(postgres: PostgresPrograms) {
    this.#postgres = postgres;
    this.#data = join(postgres.folder, "data");
    this.#log = join(postgres.folder, "server.log");
    this.#passwordFile = join(this.#data, "superuser-password");
  }

  password(): string {
    return readFileSync(this.#passwordFile, "utf8").trim();
  }

  isInitialised(): boolean {
    return existsSync(this.#data);
  }

  /** Makes the data folder, which appears complete or not at all: it is made under another name first. */
  async initialise(): Promise<void> {
    const { folder, run } = this.#postgres;
    const secret = randomBytes(16).toString("hex");
    const fresh = join(folder, "initialising");
    const secretForServer = join(folder, "initialising-password");
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { mode: 0o700 });
    this.#giveToServer(fresh);
    this.#writeForServer(secretForServer, secret);
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
    if (code !== 0) throw new Error(`PostgreSQL could not make ${this.#data}:\n${output}`);
    writeFileSync(join(fresh, basename(this.#passwordFile)), secret, { mode: 0o600 });
    renameSync(fresh, this.#data);
  }

  /** A folder whose files PostgreSQL of another major version wrote is left alone. */
  refuseOtherVersion(): void {
    const { folder, program, user } = this.#postgres;
    const written = readFileSync(join(this.#data, "PG_VERSION"), "utf8").trim();
    const { stdout } = spawnSync(program("postgres"), ["--version"], { encoding: "utf8", ...user });
    const [major] = /\d+/.exec(stdout) ?? [];
    if (written !== major)
      throw new Error(
        `${this.#data} was made by PostgreSQL ${written}, this is ${major}. Remove ${folder} to start with an empty database.`,
      );
  }

  /** Port of a server of ours that is already running; undefined when there is none. Clears away what a dead one left. */
  async findRunning(): Promise<number | undefined> {
    const found = this.#readPidFile();
    if (!found) return undefined;
    const until = Date.now() + answerWithinMilliseconds;
    while (isAlive(found.pid) && mayBeServerOf(found.pid, this.#data)) {
      if (await this.#answers(found.port)) return found.port;
      if (Date.now() > until) {
        // Ours, but it does not answer: it hangs while starting, or waits for a session to end before it stops.
        await this.shutDown("immediate");
        break;
      }
      await sleep(250);
    }
    rmSync(join(this.#data, "postmaster.pid"), { force: true });
    return undefined;
  }

  /** Starts the server. Returns its port: the wanted one when it is free. */
  async start({ port: wanted, durable }: { port?: number; durable: boolean }): Promise<number> {
    const { folder, run } = this.#postgres;
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(wanted, host);
      this.#writeForServer(join(this.#data, "postgresql.auto.conf"), settings(port, durable));
      this.#writeForServer(this.#log, "");
      const options = ["--wait", "--timeout=60", `--pgdata=${this.#data}`, `--log=${this.#log}`];
      const { code, output } = await run("pg_ctl", ["start", ...options]);
      if (code === 0 && (await this.#answers(port))) return port;
      // Another process may have taken the port, or those of a killed server may need a moment to end.
      if (attempt < startAttempts) await sleep(500 * attempt);
      else
        throw new Error(
          `PostgreSQL does not start in ${folder}:\n${output}\n${readFileSync(this.#log, "utf8").trim()}`,
        );
    }
  }

  /** Stops the server: "fast" ends the sessions in good order, "immediate" leaves recovery to the next start. */
  async shutDown(mode: "fast" | "immediate" = "fast"): Promise<void> {
    const options = ["--wait", "--timeout=30", `--mode=${mode}`, `--pgdata=${this.#data}`];
    const { code } = await this.#postgres.run("pg_ctl", ["stop", ...options]);
    if (code !== 0 && mode === "fast" && this.#readPidFile()) await this.shutDown("immediate");
  }

  /** Stops the server at the end of this process, when nothing can be waited for any more. */
  shutDownNow(): void {
    const { folder, program, user } = this.#postgres;
    spawnSync(program("pg_ctl"), ["stop", "--no-wait", "--mode=fast", `--pgdata=${this.#data}`], {
      ...user,
      cwd: folder,
      env: plainEnvironment(),
      stdio: "ignore",
    });
  }

  /** Removes all files. The server must not be running. */
  remove(): void {
    for (const file of [this.#data, this.#log, join(this.#postgres.folder, "native")])
      rmSync(file, { recursive: true, force: true });
  }

  /** Files that the server has to read or write belong to its user. */
  #giveToServer(file: string): void {
    const { user } = this.#postgres;
    if (user.uid !== undefined) chownSync(file, user.uid, user.gid);
  }

  #writeForServer(file: string, text: string): void {
    writeFileSync(file, text, { mode: 0o600 });
    this.#giveToServer(file);
  }

  /** Process id and port from the file that a running server, or one that was killed, leaves. */
  #readPidFile(): { pid: number; port: number } | undefined {
    try {
      const [pid, , , port] = readFileSync(join(this.#data, "postmaster.pid"), "utf8").split("\n");
      return { pid: Number(pid), port: Number(port) };
    } catch {
      return undefined;
    }
  }

  /** Whether a server at the port takes our password and works on our data folder. */
  async #answers(port: number): Promise<boolean> {
    const client = new Client({
      host,
      port,
      user: superuser,
      password: this.password(),
      database: "postgres",
      connectionTimeoutMillis: 2000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>("show data_directory");
      const [row] = rows;
      return row !== undefined && realpathSync(row.data_directory) === realpathSync(this.#data);
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** Server settings, written anew at each start. On loopback only, and no socket file, whose path may be too long. */
function settings(port: number, durable: boolean): string {
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
function mayBeServerOf(pid: number, data: string): boolean {
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
