// `npm run bench`: measures what this project claims about speed and writes docs/performance.md.
// `npm run bench -- <name>` measures one thing anew; the page is written once everything has been measured on this machine.
// A limit that is missed is shown, and is no failure of the command; that something could not be measured is.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { root } from "../testkit/root";
import { ensureBuilt } from "../tools/build/ensure-built";
import { BenchStore } from "./bench-store";
import type { Benchmark } from "./benchmark";
import * as books from "./books";
import * as cartCompletion from "./cart-completion";
import * as closing from "./closing";
import * as eventStreams from "./event-streams";
import * as loadTime from "./load-time";
import * as notification from "./notification";
import * as paymentsPage from "./payments-page";
import * as paymentView from "./payment-view";
import { machine, printTable, writeReport, type Group } from "./report";
import * as simulation from "./simulation";
import * as sizing from "./sizing";
import * as soapCall from "./soap-call";
import * as staff from "./staff";
import * as storeStart from "./store-start";
import * as terminals from "./terminals";
import * as watch from "./watch";

const page = join(root, "docs", "performance.md");
/** What each benchmark found last. */
const found = join(root, ".cache", "bench", "found");
const benchmarks: Benchmark[] = [
  cartCompletion,
  notification,
  watch,
  terminals,
  books,
  closing,
  paymentsPage,
  staff,
  paymentView,
  eventStreams,
  soapCall,
  loadTime,
  storeStart,
  simulation,
  sizing,
];

/** What is kept of a run of a benchmark. */
type Found = Pick<Group, "measuredOn" | "machine" | "results">;

async function main(): Promise<void> {
  const wanted = argv.slice(2);
  const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) {
    const names = benchmarks.map(({ name }) => name).join(", ");
    console.error(`There is no benchmark "${unknown[0]}". There are: ${names}.`);
    exit(1);
  }
  await measure(benchmarks.filter(({ name }) => wanted.length === 0 || wanted.includes(name)));

  const groups = await Promise.all(benchmarks.map(groupOf));
  if (!groups.every((group) => group !== undefined)) return;
  await writeReport(page, groups);
  console.log("\nWritten to docs/performance.md.");
}

/** Measures, prints what was found and keeps it. */
async function measure(chosen: Benchmark[]): Promise<void> {
  const store = new BenchStore(join(root, ".cache", "bench"), say);
  try {
    await ensureBuilt();
    await mkdir(found, { recursive: true });
    for (const { name, title, run } of chosen) {
      console.log(`\n${title} (${name})`);
      const results = await run({ store, say });
      printTable(results);
      const measuredOn = new Date().toISOString().slice(0, 10);
      const kept: Found = { measuredOn, machine: machine(), results };
      await writeFile(fileOf(name), JSON.stringify(kept));
    }
  } finally {
    await store.close();
  }
}

/** What is known of a benchmark; undefined when it was never measured here. */
async function groupOf({ name, title, method }: Benchmark): Promise<Group | undefined> {
  const text = await readFile(fileOf(name), "utf8").catch(() => undefined);
  return text === undefined ? undefined : { name, title, method, ...(JSON.parse(text) as Found) };
}

function fileOf(name: string): string {
  return join(found, `${name}.json`);
}

function say(line: string): void {
  console.log(`  ${line}`);
}

void main();
