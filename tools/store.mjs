// A Medusa store with the plugin, made and run as a merchant would: the packed tarball is installed into a folder of
// its own. Used by the demo, the store tests and the benchmarks.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureBuilt } from "./ensure-built.mjs";
import { freePort } from "./free-port.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const template = join(root, "demo", "store");
const medusa = [
  "--import",
  pathToFileURL(join(root, "tools", "end-with-parent.mjs")).href,
  join(root, "node_modules", "@medusajs", "cli", "cli.js"),
];

const startWithinMilliseconds = 120_000;
/** A server that has not stopped in good order by then is ended. */
const stopWithinMilliseconds = 15_000;
/** Characters of a server's output that are remembered, at least. */
const outputRemembered = 1_000_000;

/** The staff login of a seeded store. */
export const STAFF = { email: "staff@example.com", password: "demo-staff-password" };

/**
 * Makes the store's folder and installs the plugin's tarball into it. What is there and unchanged is kept.
 * @param log receives a line before the long step
 * @param options.signal ends the work, which then throws
 * @returns the folder
 */
export async function makeStore(directory, log = () => {}, { signal } = {}) {
  await ensureBuilt();
  await mkdir(directory, { recursive: true });
  const packed = await pack(join(directory, "packed"), { signal });
  const mark = installedMark(directory);
  const checksum = createHash("sha256")
    .update(await readFile(packed))
    .digest("hex");
  if ((await installedChecksum(directory)) !== checksum) {
    log("Installing the plugin into the store");
    await rm(mark, { force: true });
    await rm(join(directory, "node_modules"), { recursive: true, force: true });
    // Medusa itself is found in the folders above, so only the plugin and what it needs are installed here.
    await writeFile(join(directory, "package.json"), "{}");
    const mode = ["--no-save", "--no-package-lock", "--omit=peer", "--legacy-peer-deps", "--prefer-offline"];
    await npm(["install", ...mode, packed], directory, { signal });
    await writeFile(mark, checksum);
  }
  await cp(template, directory, { recursive: true });
  return directory;
}

/** Checksum of the tarball that is installed in a store; undefined when none is, or not completely. */
export async function installedChecksum(directory) {
  const mark = installedMark(directory);
  return existsSync(mark) ? readFile(mark, "utf8") : undefined;
}

function installedMark(directory) {
  return join(directory, "packed", "installed");
}

/** Runs the migrations of all modules, the plugin's among them. */
export async function migrateStore(directory, env, options) {
  await runMedusa(["db:migrate", "--skip-scripts"], directory, env, options);
}

/** Runs a script in a store, with Medusa's container, as `medusa exec` does. */
export async function runScript(directory, script, env, options) {
  await runMedusa(["exec", script], directory, env, options);
}

/** Gives a store any other of Medusa's commands, such as `["user", "--email", "…"]`. */
export async function runCommand(directory, args, env, options) {
  await runMedusa(args, directory, env, options);
}

/** Fills a migrated store. Returns keys and ids. */
export async function seedStore(directory, env, options) {
  const result = join(directory, "seed.json");
  const staff = { ADMIN_EMAIL: STAFF.email, ADMIN_PASSWORD: STAFF.password };
  await runScript(directory, "./src/scripts/seed.js", { ...env, ...staff, SEED_RESULT: result }, options);
  return JSON.parse(await readFile(result, "utf8"));
}

/** Builds the dashboard, which a store with an admin needs before it starts. */
export async function buildAdmin(directory, env, options) {
  // Medusa builds it alone only for stores that do not serve it, and serves it from this folder.
  await runMedusa(["build", "--admin-only"], directory, { ...env, DEMO_ADMIN: "false" }, options);
  await cp(join(directory, ".medusa", "admin"), join(directory, "public", "admin"), { recursive: true });
}

/**
 * Starts the store's server, on this machine only, and waits until it answers.
 * @returns see store.d.mts
 */
export async function startStore(directory, { env, port, log = () => {}, signal }) {
  const taken = port ?? (await freePort());
  const url = `http://127.0.0.1:${taken}`;
  const child = spawn(
    process.execPath,
    [...medusa, "start", "--host", "127.0.0.1", "--port", String(taken)],
    {
      cwd: directory,
      env: environment({ SEQR_BACKEND_URL: url, ...env, HOST: "127.0.0.1", PORT: String(taken) }),
      stdio: "pipe",
    },
  );
  let output = "";
  const keep = (chunk) => {
    output += chunk;
    if (output.length > 2 * outputRemembered) output = output.slice(-outputRemembered);
    log(String(chunk));
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.stdin.on("error", () => {});
  const ended = new Promise((done) => child.once("exit", (code) => done(code)));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const end = async (how) => {
    if (isRunning()) child.kill(how);
    const late = setTimeout(() => child.kill("SIGKILL"), stopWithinMilliseconds);
    await ended;
    clearTimeout(late);
  };
  try {
    await answering(`${url}/health`, isRunning, signal);
  } catch (error) {
    await end("SIGKILL");
    signal?.throwIfAborted();
    throw new Error(`${error.message}:\n${output}`, { cause: error });
  }
  return {
    url,
    port: taken,
    pid: child.pid,
    output: () => output,
    ended,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Settings that every store of ours shares; `env` adds the database and SEQR's address. */
function environment(env) {
  const everywhere = "http://localhost:8000,http://127.0.0.1:8000";
  return {
    ...process.env,
    NODE_ENV: "production",
    MEDUSA_DISABLE_TELEMETRY: "true",
    MEDUSA_FF_ANALYTICS: "false",
    // Medusa compiles a store's files with ts-node, which would check their types at every start: half of it.
    TS_NODE_TRANSPILE_ONLY: "true",
    STORE_CORS: everywhere,
    ADMIN_CORS: everywhere,
    AUTH_CORS: everywhere,
    JWT_SECRET: "only-for-this-machine",
    COOKIE_SECRET: "only-for-this-machine",
    SEQR_TERMINAL_ID: "public_test_shop_terminal",
    SEQR_PASSWORD: "12345678",
    SEQR_BACKEND_URL: "http://127.0.0.1:9000",
    SEQR_ENDPOINT: "http://127.0.0.1:4080/soap/merchant/cashregister-2",
    ...env,
  };
}

async function answering(address, isRunning, signal) {
  const deadline = Date.now() + startWithinMilliseconds;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    if (!isRunning()) throw new Error("The store did not start");
    const up = await fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`The store did not answer within ${startWithinMilliseconds / 1000} seconds`);
}

/** Packs the plugin. Returns the tarball's path. */
export function pack(directory, options) {
  return packFolder(root, directory, options);
}

/** Packs the package for storefronts. Returns the tarball's path. */
export function packView(directory, options) {
  return packFolder(join(root, "packages", "view"), directory, options);
}

async function packFolder(folder, directory, options) {
  await mkdir(directory, { recursive: true });
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", directory];
  const output = await npm(args, folder, options);
  const [{ filename }] = JSON.parse(output.slice(output.indexOf("[")));
  return join(directory, filename);
}

function npm(args, directory, options) {
  const shell = process.platform === "win32"; // npm is a .cmd file there
  const name = `npm ${args[0]}`;
  return run("npm", [...args, "--no-audit", "--no-fund"], directory, {}, { ...options, name, shell });
}

function runMedusa(args, directory, env, options) {
  const name = ["medusa", ...args].join(" ");
  return run(process.execPath, [...medusa, ...args], directory, env, { ...options, name });
}

/**
 * Runs a command to its end.
 * @param options.name of the command, for people
 * @param options.log receives what it prints
 * @param options.signal ends it
 * @returns what it printed; an exit code other than 0 throws with all of it
 */
function run(command, args, cwd, env, { name = command, log = () => {}, signal, shell = false } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env: environment(env), shell, signal, stdio: "pipe" });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      log(String(chunk));
    });
    child.stderr.on("data", (chunk) => {
      errors += chunk;
      log(String(chunk));
    });
    child.stdin.on("error", () => {});
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done(output);
      else fail(new Error(`${name} failed (${code}):\n${output}${errors}`));
    });
  });
}
