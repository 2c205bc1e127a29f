// `npm run bench`: measures what this project claims about speed and writes docs/performance.md.
// `npm run bench -- <name>` measures one thing anew; the page is written once everything has been measured on this machine.
// A limit that is missed is shown, and is no failure of the command; that something could not be measured is.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "../tools/ensure-built.mjs";
import { benchStore } from "./bench-store.mjs";
import * as cartCompletion from "./cart-completion.mjs";
import * as eventStreams from "./event-streams.mjs";
import * as loadTime from "./load-time.mjs";
import * as notification from "./notification.mjs";
import * as paymentView from "./payment-view.mjs";
import { machine, printTable, writeReport } from "./report.mjs";
import * as simulation from "./simulation.mjs";
import * as sizing from "./sizing.mjs";
import * as soapCall from "./soap-call.mjs";
import * as storeStart from "./store-start.mjs";
import * as watch from "./watch.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const page = join(root, "docs", "performance.md");
/** What each benchmark found last. */
const found = join(root, ".cache", "bench", "found");
const benchmarks = [
  cartCompletion,
  notification,
  watch,
  paymentView,
  eventStreams,
  soapCall,
  loadTime,
  storeStart,
  simulation,
  sizing,
];

const wanted = argv.slice(2);
const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  const names = benchmarks.map(({ name }) => name).join(", ");
  console.error(`There is no benchmark "${unknown[0]}". There are: ${names}.`);
  exit(1);
}
const chosen = benchmarks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

const store = benchStore(join(root, ".cache", "bench"), say);
try {
  await ensureBuilt();
  await mkdir(found, { recursive: true });
  for (const { name, title, run } of chosen) {
    console.log(`\n${title} (${name})`);
    const results = await run({ store, say });
    printTable(results);
    const measuredOn = new Date().toISOString().slice(0, 10);
    await writeFile(fileOf(name), JSON.stringify({ measuredOn, machine: machine(), results }));
  }
} finally {
  await store.close();
}

const all = await Promise.all(
  benchmarks.map(({ name }) => readFile(fileOf(name), "utf8").catch(() => undefined)),
);
if (!all.includes(undefined)) {
  const groups = benchmarks.map((benchmark, at) => ({ ...benchmark, ...JSON.parse(all[at]) }));
  await writeReport(page, groups);
  console.log("\nWritten to docs/performance.md.");
}

function fileOf(name) {
  return join(found, `${name}.json`);
}

function say(line) {
  console.log(`  ${line}`);
}
