// A Medusa store with the plugin, made and run as a merchant would: the packed tarball is installed into a folder of
// its own. Used by the demo, the store tests and the benchmarks.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./ensure-built.mjs";
import { freePort } from "./free-port.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const template = join(root, "demo", "store");
const medusa = join(root, "node_modules", "@medusajs", "cli", "cli.js");

/** The staff login of a seeded store. */
export const STAFF = { email: "staff@example.com", password: "demo-staff-password" };

/**
 * Makes the store's folder and installs the plugin's tarball into it. What is there and unchanged is kept.
 * @returns the folder
 */
export async function makeStore(directory, log = () => {}) {
  await ensureBuilt();
  await mkdir(directory, { recursive: true });
  const packed = await pack(join(directory, "packed"));
  const mark = join(directory, "packed", "installed");
  const checksum = createHash("sha256")
    .update(await readFile(packed))
    .digest("hex");
  if (!existsSync(mark) || (await readFile(mark, "utf8")) !== checksum) {
    log("Installing the plugin into the store");
    await rm(join(directory, "node_modules"), { recursive: true, force: true });
    // Medusa itself is found in the folders above, so only the plugin and what it needs are installed here.
    await writeFile(join(directory, "package.json"), "{}");
    await npm(
      ["install", "--no-save", "--no-package-lock", "--omit=peer", "--legacy-peer-deps", packed],
      directory,
    );
    await writeFile(mark, checksum);
  }
  await cp(template, directory, { recursive: true });
  return directory;
}

/** Runs the migrations of all modules, the plugin's among them. */
export async function migrateStore(directory, env) {
  await run(process.execPath, [medusa, "db:migrate", "--skip-scripts"], directory, env);
}

/** Fills a migrated store. Returns keys and ids. */
export async function seedStore(directory, env) {
  const result = join(directory, "seed.json");
  const staff = { ADMIN_EMAIL: STAFF.email, ADMIN_PASSWORD: STAFF.password };
  await run(process.execPath, [medusa, "exec", "./src/scripts/seed.js"], directory, {
    ...env,
    ...staff,
    SEED_RESULT: result,
  });
  return JSON.parse(await readFile(result, "utf8"));
}

/** Builds the dashboard, which a store with an admin needs before it starts. */
export async function buildAdmin(directory, env) {
  await run(process.execPath, [medusa, "build"], directory, { ...env, DEMO_ADMIN: "true" });
  // `medusa start` looks for the dashboard in the store's own folder.
  await cp(join(directory, ".medusa", "server", "public"), join(directory, "public"), { recursive: true });
}

/**
 * Starts the store's server and waits until it answers.
 * @returns {{ url: string, port: number, pid: number, output(): string, stop(): Promise<void>, kill(): Promise<void> }}
 */
export async function startStore(directory, { env, port, log = () => {} }) {
  const taken = port ?? (await freePort());
  const url = `http://127.0.0.1:${taken}`;
  const child = spawn(process.execPath, [medusa, "start", "--port", String(taken)], {
    cwd: directory,
    env: environment({ MEDUSA_BACKEND_URL: url, ...env, PORT: String(taken) }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (chunk) => {
    output += chunk;
    log(String(chunk));
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise((done) => child.once("exit", done));
  await answering(`${url}/health`, child, () => output);
  const end = async (signal) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    url,
    port: taken,
    pid: child.pid,
    output: () => output,
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
    STORE_CORS: everywhere,
    ADMIN_CORS: everywhere,
    AUTH_CORS: everywhere,
    JWT_SECRET: "only-for-this-machine",
    COOKIE_SECRET: "only-for-this-machine",
    SEQR_TERMINAL_ID: "public_test_shop_terminal",
    SEQR_PASSWORD: "12345678",
    MEDUSA_BACKEND_URL: "http://127.0.0.1:9000",
    SEQR_ENDPOINT: "http://127.0.0.1:4080/soap/merchant/cashregister-2",
    ...env,
  };
}

async function answering(address, child, output) {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The store did not start:\n${output()}`);
    const up = await fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  child.kill("SIGKILL");
  throw new Error(`The store did not answer within two minutes:\n${output()}`);
}

/** Packs the plugin. Returns the tarball's path. */
export async function pack(directory) {
  await mkdir(directory, { recursive: true });
  const output = await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", directory], root);
  const [{ filename }] = JSON.parse(output.slice(output.indexOf("[")));
  return join(directory, filename);
}

function npm(args, directory) {
  return run("npm", [...args, "--no-audit", "--no-fund"], directory, {}, process.platform === "win32");
}

/** Runs a command to its end. Returns what it printed; an exit code other than 0 throws with all of it. */
function run(command, args, cwd, env, shell = false) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: environment(env),
      shell,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0
        ? done(output)
        : fail(new Error(`${command} ${args.join(" ")} failed (${code}):\n${output}${errors}`)),
    );
  });
}
