// A Medusa store with the plugin, made and run as a merchant would: the packed tarball is installed into a folder of
// its own. Used by the demo, the store tests and the benchmarks.
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureBuilt } from "../tools/build/ensure-built";
import { freePort } from "./free-port";
import { npm, pack, run, type RunOptions } from "./npm";
import { root } from "./root";

/** Environment of a store's processes; `undefined` leaves a variable out. */
export type StoreEnvironment = Record<string, string | undefined>;

/** What the seed made. */
export interface Seeded {
  publishable_key: string;
  /** Sweden, SEK. */
  region_id: string;
  /** Finland, EUR. */
  euro_region_id: string;
  sales_channel_id: string;
  location_id: string;
  /** Variant ids by SKU. */
  variants: Record<string, string>;
}

export interface RunningStore {
  url: string;
  port: number;
  pid: number;
  /** The last that the server has printed, a million characters at least. */
  output(): string;
  /** Resolves when the server's process ends, with its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  /** Ends it in good order, or after 15 seconds in any. */
  stop(): Promise<void>;
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>;
}

export interface CommandOptions extends RunOptions {
  /** Another Node (its program) and another Medusa (its cli.js) than this repository's. */
  medusa?: { node: string; cli: string };
}

export interface StartOptions extends CommandOptions {
  env: StoreEnvironment;
  /** Default: a free one. */
  port?: number;
}

const template = join(root, "demo", "store");
const exitWithParent = join(__dirname, "exit-with-parent.js");
const ourMedusa = {
  node: process.execPath,
  cli: join(root, "node_modules", "@medusajs", "cli", "cli.js"),
};

const startWithinMilliseconds = 120_000;
/** A server that has not stopped in good order by then is ended. */
const stopWithinMilliseconds = 15_000;
/** Characters of a server's output that are remembered, at least. */
const outputRemembered = 1_000_000;

/** The staff login of a seeded store. */
export const STAFF = { email: "staff@example.com", password: "demo-staff-password" };

/**
 * Makes the store's folder and installs the plugin's tarball into it. What is there and unchanged is kept.
 *
 * @param log receives a line before the long step
 * @returns the folder
 */
export async function makeStore(
  directory: string,
  log: (line: string) => void = () => {},
  { signal }: { signal?: AbortSignal } = {},
): Promise<string> {
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
export async function installedChecksum(directory: string): Promise<string | undefined> {
  const mark = installedMark(directory);
  return existsSync(mark) ? readFile(mark, "utf8") : undefined;
}

function installedMark(directory: string): string {
  return join(directory, "packed", "installed");
}

/** Runs the migrations of all modules, the plugin's among them. */
export function migrateStore(
  directory: string,
  env: StoreEnvironment,
  options?: CommandOptions,
): Promise<void> {
  return runCommand(directory, ["db:migrate", "--skip-scripts"], env, options);
}

/** Runs a script in a store, with Medusa's container, as `medusa exec` does. */
export function runScript(
  directory: string,
  script: string,
  env: StoreEnvironment,
  options?: CommandOptions,
): Promise<void> {
  return runCommand(directory, ["exec", script], env, options);
}

/** Runs any of Medusa's commands in a store, such as `["user", "--email", "…"]`. */
export async function runCommand(
  directory: string,
  args: string[],
  env: StoreEnvironment,
  { medusa = ourMedusa, ...options }: CommandOptions = {},
): Promise<void> {
  await run(medusa.node, ["--require", exitWithParent, medusa.cli, ...args], {
    ...options,
    cwd: directory,
    env: environment(env),
    name: ["medusa", ...args].join(" "),
  });
}

/** Fills a migrated store. Returns keys and ids. */
export async function seedStore(
  directory: string,
  env: StoreEnvironment,
  options?: CommandOptions,
): Promise<Seeded> {
  const result = join(directory, "seed.json");
  const staff = { ADMIN_EMAIL: STAFF.email, ADMIN_PASSWORD: STAFF.password };
  await runScript(directory, "./src/scripts/seed.js", { ...env, ...staff, SEED_RESULT: result }, options);
  return JSON.parse(await readFile(result, "utf8")) as Seeded;
}

/**
 * Builds the dashboard, which a store with an admin needs before it starts.
 * @param options.to folder to put it into; default: the one that the store serves
 */
export async function buildAdmin(
  directory: string,
  env: StoreEnvironment,
  { to = join(directory, "public", "admin"), ...options }: CommandOptions & { to?: string } = {},
): Promise<void> {
  // Medusa builds it alone only for stores that do not serve it, and serves it from this folder.
  await runCommand(directory, ["build", "--admin-only"], { ...env, DEMO_ADMIN: "false" }, options);
  await cp(join(directory, ".medusa", "admin"), to, { recursive: true });
}

/** Starts the store's server, on this machine only, and waits until it answers. */
export async function startStore(
  directory: string,
  { env, port, log = () => {}, signal, medusa = ourMedusa }: StartOptions,
): Promise<RunningStore> {
  const taken = port ?? (await freePort());
  const url = `http://127.0.0.1:${taken}`;
  const command = [medusa.cli, "start", "--host", "127.0.0.1", "--port", String(taken)];
  const child = spawn(medusa.node, ["--require", exitWithParent, ...command], {
    cwd: directory,
    env: environment({ SEQR_BACKEND_URL: url, ...env, HOST: "127.0.0.1", PORT: String(taken) }),
    stdio: "pipe",
  });
  child.stdin.on("error", () => {});
  const output = rememberOutput(child, log);
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const end = async (how: NodeJS.Signals): Promise<void> => {
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
    throw new Error(`${(error as Error).message}:\n${output()}`, { cause: error });
  }
  return {
    url,
    port: taken,
    pid: child.pid ?? 0,
    output,
    ended,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** @returns a function that gives the last that the process has printed */
function rememberOutput(child: ChildProcess, log: (text: string) => void): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      output += String(chunk);
      if (output.length > 2 * outputRemembered) output = output.slice(-outputRemembered);
      log(String(chunk));
    });
  return () => output;
}

/** Settings that every store of ours shares; `env` adds the database and SEQR's address. */
function environment(env: StoreEnvironment): NodeJS.ProcessEnv {
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

async function answering(
  address: string,
  isRunning: () => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = Date.now() + startWithinMilliseconds;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    if (!isRunning()) throw new Error("The store did not start");
    const up = await fetch(address).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return;
    await sleep(200);
  }
  throw new Error(`The store did not answer within ${startWithinMilliseconds / 1000} seconds`);
}
