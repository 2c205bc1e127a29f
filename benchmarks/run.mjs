// `npm run bench`: measures what this project claims about speed and writes docs/performance.md.
// `npm run bench -- <name>` measures one thing and leaves the page alone. A limit that is missed is shown, and is no
// failure of the command; that something could not be measured is.
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
import { printTable, writeReport } from "./report.mjs";
import * as simulation from "./simulation.mjs";
import * as soapCall from "./soap-call.mjs";
import * as storeStart from "./store-start.mjs";
import * as watch from "./watch.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const page = join(root, "docs", "performance.md");
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
  const groups = [];
  for (const { name, title, method, run } of chosen) {
    console.log(`\n${title} (${name})`);
    const results = await run({ store, say });
    printTable(results);
    groups.push({ name, title, method, results });
  }
  if (groups.length > 1) {
    console.log("");
    printTable(groups.flatMap(({ results }) => results));
  }
  if (groups.length === benchmarks.length) {
    await writeReport(page, groups);
    console.log("\nWritten to docs/performance.md.");
  }
} finally {
  await store.close();
}

function say(line) {
  console.log(`  ${line}`);
}
