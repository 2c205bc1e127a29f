// `npm run matrix`: sells and refunds in a store of each supported Medusa under each supported Node, and writes
// docs/compatibility.md. `--medusa 2.19` and `--node 22` try a part and leave the page alone; `--node current` takes the
// Node that runs this. What a store printed is kept in .cache/matrix/.
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { arch, argv, execPath, exit, platform, versions } from "node:process";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { buyAndRefund } from "../../demo/purchase";
import { npm, pack } from "../../testkit/npm";
import { startPostgres, type Postgres } from "../../testkit/postgres";
import { root } from "../../testkit/root";
import { startSandbox } from "../../testkit/sandbox";
import { migrateStore, seedStore, STAFF, startStore, type StoreEnvironment } from "../../testkit/store";
import { ensureBuilt } from "../build/ensure-built";
import { packageJsonIn } from "../build/package-entries";

const MEDUSAS = ["2.17.0", "2.19", "2.21"];
const NODES = ["20", "22", "24"];
const DATABASE = "seqr_matrix";
/** A mug, which the purchase gives back. */
const REFUNDED = "129.00";

const kept = join(root, ".cache", "matrix");
const page = join(root, "docs", "compatibility.md");

const { values } = parseArgs({
  args: argv.slice(2),
  options: { medusa: { type: "string", multiple: true }, node: { type: "string", multiple: true } },
});
const { medusa: medusas = MEDUSAS, node: nodes = NODES } = values;

/** A Node that runs stores. */
interface Runtime {
  version: string;
  program: string;
}

/** How a Medusa under one Node did; no failure is a success. */
interface Cell {
  failure?: string;
}

interface Row {
  /** Of Medusa. */
  version: string;
  cells: Cell[];
}

async function main(): Promise<void> {
  await ensureBuilt();
  await mkdir(kept, { recursive: true });
  const postgres = await startPostgres({ directory: join(kept, "postgres"), log: say });
  const rows: Row[] = [];
  try {
    const runtimes: Runtime[] = [];
    for (const wanted of nodes) runtimes.push(await nodeOf(wanted));
    for (const wanted of medusas) rows.push(await row(postgres, wanted, runtimes));
    print(rows, runtimes);
    if (!values.medusa && !values.node) await writePage(rows, runtimes);
  } finally {
    await postgres.stop();
  }
  exit(rows.every(({ cells }) => cells.every(({ failure }) => !failure)) ? 0 : 1);
}

/** Program and exact version of a Node, which comes as an npm package. */
async function nodeOf(wanted: string): Promise<Runtime> {
  if (wanted === "current") return { version: versions.node, program: execPath };
  const system = platform === "win32" ? "win" : platform;
  const name = `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${system}-${arch}`;
  const directory = join(kept, `node-${wanted}`);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "package.json"), "{}");
  say(`Installing Node ${wanted}`);
  await npm(["install", "--no-save", "--ignore-scripts", `${name}@${wanted}`], directory);
  const installed = join(directory, "node_modules", name);
  const packageJson = await readFile(join(installed, "package.json"), "utf8");
  const { version, bin } = JSON.parse(packageJson) as { version: string; bin: { node: string } };
  return { version, program: join(installed, bin.node) };
}

/** Installs a store of a Medusa once, and tries it under each Node. */
async function row(postgres: Postgres, wanted: string, runtimes: Runtime[]): Promise<Row> {
  // Outside this repository, so that what the store lacks is not found here.
  const directory = await realpath(await mkdtemp(join(tmpdir(), "seqr-matrix-")));
  try {
    say(`Installing a store of Medusa ${wanted}`);
    const version = await install(directory, wanted);
    const cells: Cell[] = [];
    for (const node of runtimes) cells.push(await cell(postgres, directory, version, node));
    return { version, cells };
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @returns the exact version of Medusa that was installed */
async function install(directory: string, wanted: string): Promise<string> {
  const of = (names: string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [`@medusajs/${name}`, wanted]));
  const tarball = await pack(directory);
  const description = {
    name: "a-shop",
    private: true,
    dependencies: {
      ...of(["admin-sdk", "cli", "framework", "medusa"]),
      "medusa-payment-seqr": `file:${tarball}`,
    },
    devDependencies: { "@swc/core": "^1.7.28", "ts-node": "^10.9.2", typescript: "^5.6.2" },
  };
  await cp(join(root, "demo", "store"), directory, { recursive: true });
  await writeFile(join(directory, "package.json"), JSON.stringify(description));
  await npm(["install", "--include=dev", "--ignore-scripts", "--prefer-offline"], directory);
  return packageJsonIn(join(directory, "node_modules", "@medusajs", "medusa")).version;
}

/** Migrates, starts, sells and refunds, in a new database. @returns how it went */
async function cell(postgres: Postgres, directory: string, version: string, node: Runtime): Promise<Cell> {
  const name = `Medusa ${version}, Node ${node.version}`;
  const medusa = { node: node.program, cli: join(directory, "node_modules", "@medusajs", "cli", "cli.js") };
  const stops: (() => Promise<void>)[] = [];
  let output = "";
  const log = (text: string): void => void (output += text);
  const started = performance.now();
  try {
    await postgres.dropDatabase(DATABASE);
    await postgres.createDatabase(DATABASE);
    const env: StoreEnvironment = { DATABASE_URL: postgres.url(DATABASE) };
    await migrateStore(directory, env, { medusa, log });
    const seeded = await seedStore(directory, env, { medusa, log });
    const sandbox = await startSandbox(directory, { node: node.program });
    stops.push(sandbox.stop);
    const settings = { ...env, SEQR_ENDPOINT: sandbox.endpoint };
    const store = await startStore(directory, { env: settings, medusa, log });
    stops.push(store.stop);
    const tell = (what: string | undefined, text: string): void => {
      if (what) log(`${what}: ${text}\n`);
    };
    const { total, captured, refunded } = await buyAndRefund({ store, sandbox, seeded, staff: STAFF }, tell);
    if (captured !== total || refunded !== REFUNDED)
      throw new Error(`of ${total}, ${captured} is captured and ${refunded} refunded`);
    say(`${name}: sold and refunded, ${Math.round((performance.now() - started) / 1000)} s`);
    return {};
  } catch (error) {
    const { message, stack } = error as Error;
    const [failure = message] = message.split("\n");
    say(`${name}: ${failure}`);
    log(`\n${stack}\n`);
    return { failure };
  } finally {
    for (const stop of stops.reverse()) await stop();
    await writeFile(join(kept, `medusa-${version}-node-${node.version}.log`), output);
  }
}

function table(rows: Row[], runtimes: Runtime[]): string[][] {
  const shown = ({ failure }: Cell): string => failure ?? "sold and refunded";
  return [
    ["", ...runtimes.map(({ version }) => `Node ${version}`)],
    ...rows.map(({ version, cells }) => [`Medusa ${version}`, ...cells.map(shown)]),
  ];
}

function print(rows: Row[], runtimes: Runtime[]): void {
  for (const line of table(rows, runtimes)) console.log(line.map((text) => text.padEnd(20)).join(" "));
}

async function writePage(rows: Row[], runtimes: Runtime[]): Promise<void> {
  const [head = "", ...lines] = table(rows, runtimes).map((line) => `| ${line.join(" | ")} |`);
  const { version } = packageJsonIn(root);
  const text = [
    "# Compatibility",
    "",
    `Written by \`npm run matrix\` on ${new Date().toISOString().slice(0, 10)}, with medusa-payment-seqr ${version} on`,
    `${platform} ${arch}. Do not edit it by hand.`,
    "",
    "The package is for Medusa 2.17 and later, below 3, and for Node 20.19 and later, 22.12 and later, and 24. For each Medusa",
    "the packed package was installed from a tarball into a new store. There, each Node ran the migrations on an empty",
    "database, filled the store, started it and the sandbox; a shopper bought over HTTP, paid with the sandbox's",
    "phone, and staff refunded a part. A cell says `sold and refunded` when the order, its captured money and the refund are",
    "right in Medusa's books.",
    "",
    head,
    `|${" --- |".repeat(runtimes.length + 1)}`,
    ...lines,
    "",
    "`npm run matrix -- --medusa 2.19 --node 22` tries one cell.",
    "",
  ].join("\n");
  await writeFile(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));
  console.log("Written to docs/compatibility.md.");
}

function say(line: string): void {
  console.log(`  ${line}`);
}

void main();
