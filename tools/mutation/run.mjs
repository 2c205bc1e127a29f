// `npm run mutate`: makes small changes in the code that money depends on, one by one, and runs the unit tests that
// reach each. What no test notices is a survivor; CONTRIBUTING.md says how to read the result.
//
//   npm run mutate                            all of it
//   npm run mutate -- settlement refund       only files whose path contains one of these
//   npm run mutate -- --sample 0.1 --seed 7   a tenth of the changes, chosen by the seed
//   npm run mutate -- --payments 400          survivors are tried in a short simulation as well
//   npm run mutate -- --survivors             only changes that the last run did not catch
//   npm run mutate -- --fresh                 nothing from the last run is taken for known
//   npm run mutate -- --write                 writes tools/mutation/score.md
import { execFileSync, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { argv, env, exit, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startTestPostgres } from "../../__tests__/setup/start-servers.mjs";
import { mutantsOf } from "./mutants.mjs";
import { scoreOf, written } from "./report.mjs";
import { DATABASE_TESTS, SOURCES, TESTS } from "./scope.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const CACHE = join(root, ".cache", "mutations.json");
const SCORE = join(root, "tools", "mutation", "score.md");
const REASONS = join(root, "tools", "mutation", "survivors.json");
/** Percent. */
const WANTED = 90;
/** A worker keeps what a failed test left open. */
const JOBS_OF_A_WORKER = 150;
/** Milliseconds; tests that take longer, which mostly wait, come last. */
const SLOW = 300;
/** Milliseconds that no change may take; those that do run for ever. */
const PATIENCE = { usual: 60_000, database: 240_000, compiler: 240_000, simulation: 240_000 };

const { values: given, positionals: wanted } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: {
    sample: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    payments: { type: "string", default: "0" },
    workers: { type: "string", default: String(availableParallelism()) },
    survivors: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

const read = (path) => readFileSync(join(root, path), "utf8");
const hashOf = (...texts) => createHash("sha1").update(texts.join("\0")).digest("hex");

/** A process that does one job after the other, and is replaced when it hangs or has done many. */
class Worker {
  #child;
  #done = 0;

  /** @returns what the job says; `{ failed }` when the process died or took longer than `patience` */
  ask(job, patience = PATIENCE.usual) {
    if (this.#done++ % JOBS_OF_A_WORKER === 0) this.stop();
    this.#child ??= fork(new URL("worker.mjs", import.meta.url), {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const child = this.#child;
    return new Promise((answer) => {
      const end = (what) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (what.ended) this.stop();
        answer(what);
      };
      const timer = setTimeout(() => end({ ended: true, failed: "takes for ever" }), patience);
      child.once("message", end);
      child.once("exit", () => end({ ended: true, failed: "the process ended" }));
      child.send(job);
    });
  }

  stop() {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}

const workers = Array.from({ length: Number(given.workers) }, () => new Worker());

/** Does something with each, by as many workers as there are. */
async function each(items, work) {
  const open = items.entries();
  const one = async (worker) => {
    for (const [number, item] of open) {
      await work(worker, item);
      if (stdout.isTTY || (number + 1) % 100 === 0) stdout.write(`  ${number + 1} of ${items.length}\n`);
    }
  };
  await Promise.all(workers.map(one));
}

const sources = SOURCES.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
const unitTests = TESTS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(folder, name)),
).sort();
/** The chosen sources that a test file is run for. */
const sourcesOf = (testFile) => DATABASE_TESTS[testFile]?.filter((file) => sources.includes(file)) ?? sources;
const databaseTests = Object.keys(DATABASE_TESTS).filter((testFile) => sourcesOf(testFile).length > 0);
const testFiles = [...unitTests, ...databaseTests];

// One server for all; each worker makes a database of its own there.
const postgres = databaseTests.length > 0 ? await startTestPostgres(root) : undefined;
if (postgres) env.SEQR_TEST_DATABASE_URL = postgres.url("postgres");

console.log(`running ${testFiles.length} test files on the code as it is`);
/** Of each block of each source: the tests that run it, by their file. */
const reach = new Map();
/** Of each source: the test files that load it, with all their tests. */
const loads = new Map();
const duration = new Map();
/** Of each test file: the files of tests that it loads, itself among them. */
const testing = new Map();
await each(testFiles, async (worker, testFile) => {
  const sources = sourcesOf(testFile);
  const job = { kind: "cover", testFile, sources };
  const { failed, failing, always, files, ...rest } = await worker.ask(job, patienceFor([testFile]));
  // Nothing can be learned from a test that fails anyway.
  if (failed) console.log(`without any change, in ${testFile}: ${failed}`);
  const tests = (rest.tests ?? []).filter(({ name }) => !failing?.includes(name));
  const names = tests.map(({ name }) => name);
  for (const { name, milliseconds, hits } of tests) {
    duration.set(`${testFile} ${name}`, milliseconds);
    for (const place of hits) remember(reach, place, testFile, [name]);
  }
  testing.set(
    testFile,
    (files ?? []).filter((file) => file.startsWith("__tests__/")),
  );
  for (const place of always ?? []) remember(reach, place, testFile, names);
  for (const file of (files ?? []).filter((one) => sources.includes(one)))
    remember(loads, file, testFile, names);
});

function patienceFor(files) {
  return files.some((testFile) => testFile in DATABASE_TESTS) ? PATIENCE.database : PATIENCE.usual;
}

function remember(map, key, testFile, names) {
  const byFile = map.get(key) ?? new Map();
  byFile.set(testFile, new Set([...(byFile.get(testFile) ?? []), ...names]));
  map.set(key, byFile);
}

const reasons = JSON.parse(readFileSync(REASONS, "utf8"));
const tool = hashOf(...["mutants.mjs", "worker.mjs"].map((name) => read(`tools/mutation/${name}`)));
const known = given.fresh ? {} : readCache();
/** What became of each change when it was tried last. */
const last = new Map(Object.values(known).map(({ file, id, status }) => [`${file} ${id}`, status]));
const chosen = (file, { id }) =>
  (!given.survivors || last.get(`${file} ${id}`) === "survived") &&
  parseInt(hashOf(given.seed, file, id).slice(0, 8), 16) / 0xffffffff <= Number(given.sample);
const mutants = sources.flatMap((file) => {
  const text = read(file);
  return mutantsOf(file, text)
    .mutants.filter((mutant) => chosen(file, mutant))
    .map((mutant) => ({ file, ...mutant, reason: reasons[file]?.[mutant.id] }));
});

/** Which tests have noticed most changes of a file: they are asked first. */
const noticed = new Map();
const results = [];
/** What a result depends on: the change, and the texts of the file and of the tests that reach it. */
function keyOf(mutant, plan) {
  const tests = [...new Set(plan.flatMap(({ testFile }) => testing.get(testFile)))].sort();
  return hashOf(tool, mutant.file, read(mutant.file), mutant.id, ...tests.map(read));
}

console.log(`making ${mutants.length} changes in ${sources.length} files`);
const started = Date.now();
await each(mutants, async (worker, mutant) => {
  const plan = planFor(mutant);
  const result = { ...mutant, key: keyOf(mutant, plan), ...(await outcome(worker, mutant, plan)) };
  if (results.push(result) % 50 === 0) keep();
  if (result.by)
    noticed.set(countKey(mutant.file, result.by), (noticed.get(countKey(mutant.file, result.by)) ?? 0) + 1);
});

/** The tests that reach a change: those of the file's own name first, then those that noticed most, then the quick ones. */
function planFor({ file, block }) {
  const byFile = (block < 0 ? loads.get(file) : reach.get(`${file}:${block}`)) ?? new Map();
  const rank = (testFile) =>
    (basename(testFile).startsWith(basename(file, ".ts")) ? 1_000 : 0) +
    (noticed.get(countKey(file, testFile)) ?? 0);
  const time = (testFile) =>
    [...byFile.get(testFile)].reduce((sum, name) => sum + duration.get(`${testFile} ${name}`), 0);
  const isSlow = (testFile) => (name) => duration.get(`${testFile} ${name}`) > SLOW;
  const all = [...byFile]
    .map(([testFile, names]) => ({ testFile, names: [...names], rank: rank(testFile), time: time(testFile) }))
    .sort((one, other) => other.rank - one.rank || one.time - other.time);
  const quick = all.map((part) => ({
    ...part,
    names: part.names.filter((name) => !isSlow(part.testFile)(name)),
  }));
  const slow = all.map((part) => ({ ...part, names: part.names.filter(isSlow(part.testFile)) }));
  return [...quick, ...slow].filter(({ names }) => names.length > 0);
}

function countKey(file, by) {
  return `${file} ${by.split(":")[0]}`;
}

async function outcome(worker, mutant, plan) {
  const before = known[keyOf(mutant, plan)];
  if (before) {
    const { status, by, why, compiles } = before;
    return { status, by, why, compiles };
  }
  if (plan.length === 0) return { status: "survived", why: "no test runs it" };
  // What is at the top of a file is reached by all tests that load it: the compiler is quicker.
  const asked = mutant.block < 0 ? await compiled(worker, mutant) : {};
  if (asked.status === "impossible") return asked;
  const patience = patienceFor(plan.map(({ testFile }) => testFile));
  const { failed } = await worker.ask({ kind: "test", mutant, plan }, patience);
  return failed ? { status: "caught", by: failed } : { status: "survived", ...asked };
}

/** Asks the compiler: what it refuses cannot get in. */
async function compiled(worker, mutant) {
  const { failed } = await worker.ask({ kind: "types", mutant }, PATIENCE.compiler);
  return failed ? { status: "impossible", by: failed } : { compiles: true };
}

const survivors = () => results.filter(({ status }) => status === "survived");
const unasked = survivors().filter(({ compiles }) => !compiles);
console.log(`asking the compiler about ${unasked.length} survivors`);
await each(unasked, async (worker, result) => {
  Object.assign(result, await compiled(worker, result));
});

keep();

const payments = Number(given.payments);
if (payments > 0) {
  console.log(`letting ${payments} payments happen with each of ${survivors().length} survivors`);
  const [first] = workers;
  const { failed: anyway } = await first.ask({ kind: "simulate", payments, seed: 1 }, PATIENCE.simulation);
  if (anyway) throw new Error(`without any change: ${anyway}`);
  await each(survivors(), async (worker, result) => {
    const job = { kind: "simulate", mutant: result, payments, seed: 1, text: read(result.file) };
    const { failed } = await worker.ask(job, PATIENCE.simulation);
    if (failed) Object.assign(result, { status: "caught", by: failed });
  });
}
for (const worker of workers) worker.stop();
await postgres?.stop();

const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
const minutes = (Date.now() - started) / 60_000;
const report = written({ results, commit, minutes, payments, sample: given.sample, tests: testFiles.length });
console.log(report);
if (given.write) writeFileSync(SCORE, report);
const { score } = scoreOf(results);
const unexplained = survivors().filter(({ reason }) => reason === undefined).length;
if (unexplained > 0) console.log(`${unexplained} survivors have no reason in tools/mutation/survivors.json`);
exit(score < WANTED || unexplained > 0 ? 1 : 0);

/** So that a run that was broken off goes on where it was. */
function keep() {
  for (const { key, file, line, id, status, by, why, compiles } of results) {
    known[key] = { file, line, id, status, by, why, compiles };
  }
  mkdirSync(dirname(CACHE), { recursive: true });
  writeFileSync(CACHE, JSON.stringify(known));
}

function readCache() {
  try {
    return JSON.parse(readFileSync(CACHE, "utf8"));
  } catch {
    return {};
  }
}
