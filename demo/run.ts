// `npm run demo`: a shop that takes SEQR, on one machine. Starts everything, buys something and refunds a part of it by
// itself, and stays until Ctrl-C.
import { join, relative, resolve } from "node:path";
import process, { argv, cwd, env, exit, ppid, stdout } from "node:process";
import { parseArgs } from "node:util";
import { root } from "../testkit/root";
import { inStep, progressOn, StepError } from "./progress";
import type { Purchase } from "./purchase";
import type { PORTS, RunningDemo } from "./services";
import { AlreadyRunning, runningIn, takeFolder, type TakenFolder } from "./single-instance";

const HELP = `npm run demo [-- options]

Starts PostgreSQL, a Medusa store with the SEQR plugin, the SEQR sandbox and a storefront on this machine, buys
something with SEQR and refunds a part of it, and stays until Ctrl-C.

  --once              end after the purchase; the last line is one JSON object
  --close-day         close the day of the demo that is running: SEQR's report is compared with the shop,
                      and the files of the books are saved (docs/books.md)
  --fresh             forget what an earlier demo left: database, orders, builds
  --port-base <n>     use the ports n (storefront), n+1 (store), n+2 (sandbox), n+3 (PostgreSQL)
                      instead of 8000, 9000, 4080, 5433
  --folder <path>     keep everything there, inside this clone, instead of in .cache/demo
  --help              this text
`;

const stopWithinMilliseconds = 10_000;
const progress = progressOn(stdout);
const { say } = progress;
let stopping = false;

const options = readOptions();
const folder = options.folder ? resolve(options.folder) : join(root, ".cache", "demo");

/** @returns the exit code */
async function main(): Promise<number> {
  if (options.help) {
    stdout.write(HELP);
    return 0;
  }
  if (options.closeDay) return closeDayOfRunning();
  const taken = takeOrExplain();
  if (!taken) return 1;
  const interruption = interruptions();
  let demo: RunningDemo | undefined;
  let isUp = false;
  try {
    demo = await start(interruption.signal);
    taken.note({ storefront: demo.storefront.url, store: demo.store.url });
    const result = await Promise.race([buy(demo), ended(demo.store), interruption.happened]);
    if (options.once) {
      await stop(demo);
      say(`\n${JSON.stringify(result)}`);
      return 0;
    }
    say(addressesOf(demo));
    isUp = true;
    await Promise.race([ended(demo.store), interruption.happened]);
  } catch (error) {
    if (!interruption.signal.aborted) {
      explain(error);
      return 1;
    }
    if (!isUp) return 130;
  } finally {
    if (demo) await stop(demo);
    taken.release();
  }
  return 0;
}

async function start(signal: AbortSignal): Promise<RunningDemo> {
  say("\nA shop that takes SEQR, on this machine\n");
  // Not before: what it imports was installed a moment ago, and takes a second to load.
  const { startDemo, PORTS } = await import("./services.js");
  const ports = options.portBase === undefined ? PORTS : portsFrom(options.portBase);
  const { fresh = false, once = false } = options;
  return startDemo({ folder, ports, progress, signal, fresh, admin: !once });
}

/** @returns the exit code */
async function closeDayOfRunning(): Promise<number> {
  const { store } = runningIn(folder) ?? {};
  if (store === undefined) {
    console.error("No demo is up. Start one with `npm run demo`, and close its day in another terminal.");
    return 1;
  }
  say("\nThe day is closed, through the admin API\n");
  const { closeDay } = await import("./close-day.js");
  try {
    await closeDay(store, folder, tell);
  } catch (error) {
    explain(inStep("Closing the day", error));
    return 1;
  }
  say("\nWhat all of it means: docs/books.md\n");
  return 0;
}

async function buy(demo: RunningDemo): Promise<Purchase> {
  say("\nA purchase and a partial refund, through the public HTTP APIs\n");
  const { buyAndRefund } = await import("./purchase.js");
  try {
    return await buyAndRefund(demo, tell);
  } catch (error) {
    throw inStep("The purchase", error);
  }
}

/** Rejects when the store's server ends while it is needed. */
async function ended(store: RunningDemo["store"]): Promise<never> {
  const code = await store.ended;
  const message = `The store's server ended by itself (${code === null ? "by a signal" : `exit code ${code}`}).`;
  throw new StepError("Running the store", message);
}

async function stop(demo: RunningDemo): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => exit(1), stopWithinMilliseconds).unref();
  await progress.step("Stopping everything", () => demo.stop());
}

/** Ctrl-C and the like: the first ends in good order, the second at once. */
function interruptions(): { signal: AbortSignal; happened: Promise<never> } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) exit(130);
    say("");
    setTimeout(() => exit(130), stopWithinMilliseconds).unref();
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, interrupt);
  // npm does not pass signals on to what its scripts started: it goes, and we stay behind.
  if (env.npm_lifecycle_event)
    setInterval(() => {
      if (process.ppid !== ppid && !controller.signal.aborted) interrupt();
    }, 1_000).unref();
  const happened = new Promise<never>((_, reject) =>
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason)),
  );
  happened.catch(() => {});
  return { signal: controller.signal, happened };
}

function takeOrExplain(): TakenFolder | undefined {
  try {
    return takeFolder(folder);
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error;
    const { other } = error;
    const since = other
      ? `, as process ${other.pid}, since ${new Date(other.since).toLocaleTimeString()}`
      : "";
    const where = other?.storefront ? ` Its storefront is at ${other.storefront}.` : "";
    console.error(
      `The demo is running already${since}.${where}\nEnd it with Ctrl-C where it was started, then try again.`,
    );
    return undefined;
  }
}

function explain(error: unknown): void {
  const { step, cause } = error instanceof StepError ? error : { step: "The demo", cause: error };
  const { message = String(cause), cure } = (cause ?? {}) as { message?: string; cure?: string };
  const log = relative(cwd(), join(folder, "store.log"));
  const cures = [
    cure,
    `Look at ${log}, which has everything that the store said.`,
    "Run the demo again: what is done is kept, what was interrupted is done again.",
    "If that does not help, begin anew with: npm run demo -- --fresh",
  ];
  const indented = (lines: (string | undefined)[]): string[] =>
    lines.filter(Boolean).map((line) => `  ${line}`);
  console.error(
    [
      `\n${step} failed.`,
      ...["", "Why:", ...indented(reasonsIn(message))],
      ...["", "What to do:", ...indented(cures)],
    ].join("\n"),
  );
}

/** The lines of a message that say why: of a store's log, which is in JSON, the errors only. */
function reasonsIn(message: string): string[] {
  const lines = message.split("\n").flatMap((line) => {
    try {
      const entry = JSON.parse(line) as { level: string; message: string };
      return entry.level === "error" ? [entry.message] : [];
    } catch {
      return line.trim() === "" ? [] : [line];
    }
  });
  const shown = lines.map((line) => (line.length > 300 ? `${line.slice(0, 300)} …` : line));
  return shown.length > 20 ? [...shown.slice(0, 1), "…", ...shown.slice(-18)] : shown;
}

function tell(name: string | undefined, text: string): void {
  if (name === undefined) return say(`\n${text.replace(/^.*$/gm, pictureLine)}\n`);
  say(`  ${name.padEnd(16)}  ${text}`);
}

/** Dark on light, whatever the terminal's colours: cameras do not like it the other way round. */
function pictureLine(line: string): string {
  return stdout.isTTY ? `  \x1b[30;107m${line}\x1b[0m` : `  ${line}`;
}

function addressesOf({ storefront, store, sandbox, adminUrl, staff }: RunningDemo): string {
  const rows: [name: string, text: string][] = [
    ["Storefront", storefront.url],
    ["Phone", sandbox.url],
    ["Admin", adminUrl],
    ["", `${staff.email}, password ${staff.password}`],
    ["Store API", store.url],
    ["Sandbox control", `${sandbox.url}/sandbox`],
    ["Close the day", "npm run demo -- --close-day, in another terminal (docs/books.md)"],
  ];
  const lines = rows.map(([name, text]) => `  ${name.padEnd(16)}  ${text}`);
  return [
    "",
    "Everything is up. Buy something at the storefront, and pay on the phone page.",
    "",
    ...lines,
    "",
    "The storefront is an example. How Medusa's own takes SEQR: docs/nextjs-storefront.md",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}

function portsFrom(base: number): typeof PORTS {
  return { storefront: base, store: base + 1, sandbox: base + 2, postgres: base + 3 };
}

interface Options {
  once?: boolean;
  closeDay?: boolean;
  fresh?: boolean;
  help?: boolean;
  folder?: string;
  portBase?: number;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      args: argv.slice(2),
      options: {
        once: { type: "boolean" },
        "close-day": { type: "boolean" },
        fresh: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        "port-base": { type: "string" },
        folder: { type: "string" },
      },
    });
    const portBase = values["port-base"] === undefined ? undefined : Number(values["port-base"]);
    if (portBase !== undefined && !(Number.isInteger(portBase) && portBase > 0 && portBase <= 65532))
      throw new Error("--port-base needs a port number, 1 to 65532");
    return { ...values, closeDay: values["close-day"], portBase };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return exit(2);
  }
}

void main().then(exit);
