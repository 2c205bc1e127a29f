// `npm run mutate`: makes small changes in the code that money depends on, one by one, and runs the unit tests that
// reach each. What no test notices is a survivor; CONTRIBUTING.md says how to read the result.
//
//   npm run mutate                            all of it
//   npm run mutate -- process-payment refund       only files whose path contains one of these
//   npm run mutate -- --sample 0.1 --seed 7   a tenth of the changes, chosen by the seed
//   npm run mutate -- --payments 400          survivors are tried in a short simulation as well
//   npm run mutate -- --survivors             only changes that the last run did not catch
//   npm run mutate -- --fresh                 nothing from the last run is taken for known
//   npm run mutate -- --write                 writes tools/mutation/score.md
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { argv, env, exit } from "node:process";
import { parseArgs } from "node:util";
import type { Change } from "../../__tests__/simulation/source";
import { startTestPostgres } from "../../__tests__/setup/test-postgres";
import { root } from "../../testkit/root";
import type { PlannedTests } from "./jobs";
import { mutantsOf } from "./mutants";
import { Reach } from "./reach";
import { scoreOf, written } from "./report";
import type { FileMutant, Outcome, Result } from "./results";
import { DATABASE_TESTS, SOURCES, TESTS } from "./scope";
import { byAll, Worker } from "./workers";

const CACHE = join(root, ".cache", "mutations.json");
const SCORE = join(root, "tools", "mutation", "score.md");
const REASONS = join(root, "tools", "mutation", "survivors.json");
/** Percent. */
const WANTED = 90;
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

/** What was found of a change, as it is kept between two runs. */
type Known = Pick<Result, "file" | "line" | "id"> & Outcome;

const sources = SOURCES.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
const workers = Array.from({ length: Number(given.workers) }, () => new Worker());
const reach = new Reach();
const known: Record<string, Known> = given.fresh ? {} : (readJson(CACHE) ?? {});
/** Changes how mutants are made and tested, and so what is known of them. */
const tool = hashOf(...["mutants.ts", "worker.ts"].map((name) => read(`tools/mutation/${name}`)));
const results: Result[] = [];

async function main(): Promise<void> {
  const testFiles = [...unitTests(), ...databaseTests()];
  // One server for all; each worker makes a database of its own there.
  const postgres = databaseTests().length > 0 ? await startTestPostgres(root) : undefined;
  if (postgres) env.SEQR_TEST_DATABASE_URL = postgres.url("postgres");

  console.log(`running ${testFiles.length} test files on the code as it is`);
  await byAll(workers, testFiles, cover);

  const mutants = chosenMutants();
  console.log(`making ${mutants.length} changes in ${sources.length} files`);
  const started = Date.now();
  await byAll(workers, mutants, tryOut);

  const unasked = survivors().filter(({ compiles }) => !compiles);
  console.log(`asking the compiler about ${unasked.length} survivors`);
  await byAll(workers, unasked, async (worker, result) => {
    Object.assign(result, await compiled(worker, result));
  });
  keep();

  const payments = Number(given.payments);
  if (payments > 0) await simulateSurvivors(payments);
  for (const worker of workers) worker.stop();
  await postgres?.stop();

  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: root,
    encoding: "utf8",
  }).trim();
  const minutes = (Date.now() - started) / 60_000;
  const report = written({
    results,
    commit,
    minutes,
    payments,
    sample: given.sample,
    tests: testFiles.length,
  });
  console.log(report);
  if (given.write) writeFileSync(SCORE, report);
  const { score } = scoreOf(results);
  const unexplained = survivors().filter(({ reason }) => reason === undefined).length;
  if (unexplained > 0)
    console.log(`${unexplained} survivors have no reason in tools/mutation/survivors.json`);
  exit(score < WANTED || unexplained > 0 ? 1 : 0);
}

function unitTests(): string[] {
  const isTest = (name: string): boolean => name.endsWith(".test.ts");
  return TESTS.flatMap((path) =>
    isTest(path)
      ? path
      : readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
          .filter(isTest)
          .map((name) => join(path, name)),
  ).sort();
}

function databaseTests(): string[] {
  return Object.keys(DATABASE_TESTS).filter((testFile) => sourcesOf(testFile).length > 0);
}

/** The chosen sources that a test file is run for. */
function sourcesOf(testFile: string): string[] {
  return DATABASE_TESTS[testFile]?.filter((file) => sources.includes(file)) ?? sources;
}

function patienceFor(testFiles: string[]): number {
  return testFiles.some((testFile) => testFile in DATABASE_TESTS) ? PATIENCE.database : PATIENCE.usual;
}

/** Finds out which code a test file runs. */
async function cover(worker: Worker, testFile: string): Promise<void> {
  const job = { kind: "cover" as const, testFile, sources: sourcesOf(testFile) };
  const coverage = await worker.ask(job, patienceFor([testFile]));
  // Nothing can be learned from a test that fails anyway.
  if (coverage.failed) console.log(`without any change, in ${testFile}: ${coverage.failed}`);
  reach.add(testFile, job.sources, coverage);
}

/** The changes of the sources that the options ask for. */
function chosenMutants(): FileMutant[] {
  const reasons = readJson<Record<string, Record<string, string>>>(REASONS);
  /** What became of each change when it was tried last. */
  const last = new Map(Object.values(known).map(({ file, id, status }) => [`${file} ${id}`, status]));
  const isChosen = (file: string, { id }: { id: string }): boolean =>
    (!given.survivors || last.get(`${file} ${id}`) === "survived") &&
    parseInt(hashOf(given.seed, file, id).slice(0, 8), 16) / 0xffffffff <= Number(given.sample);
  return sources.flatMap((file) =>
    mutantsOf(file, read(file))
      .mutants.filter((mutant) => isChosen(file, mutant))
      .map((mutant) => ({ file, ...mutant, reason: reasons?.[file]?.[mutant.id] })),
  );
}

/** Tries a change, and remembers what became of it. */
async function tryOut(worker: Worker, mutant: FileMutant): Promise<void> {
  const plan = reach.planFor(mutant);
  const key = keyOf(mutant, plan);
  const result = { ...mutant, key, ...(await outcome(worker, mutant, plan, known[key])) };
  if (results.push(result) % 50 === 0) keep();
  if (result.by) reach.noticed(mutant.file, result.by);
}

/** What a result depends on: the change, and the texts of the file and of the tests that reach it. */
function keyOf(mutant: FileMutant, plan: PlannedTests[]): string {
  return hashOf(tool, mutant.file, read(mutant.file), mutant.id, ...reach.filesOf(plan).map(read));
}

async function outcome(
  worker: Worker,
  mutant: FileMutant,
  plan: PlannedTests[],
  before: Known | undefined,
): Promise<Outcome> {
  if (before) {
    const { status, by, why, compiles } = before;
    return { status, by, why, compiles };
  }
  if (plan.length === 0) return { status: "survived", why: "no test runs it" };
  // What is at the top of a file is reached by all tests that load it: the compiler is quicker.
  const asked = mutant.block < 0 ? await compiled(worker, mutant) : {};
  if (asked.status === "impossible") return { ...asked, status: asked.status };
  const patience = patienceFor(plan.map(({ testFile }) => testFile));
  const { failed } = await worker.ask({ kind: "test", mutant, plan }, patience);
  return failed ? { status: "caught", by: failed } : { ...asked, status: "survived" };
}

/** Asks the compiler: what it refuses cannot get in. */
async function compiled(worker: Worker, mutant: FileMutant): Promise<Partial<Outcome>> {
  const { failed } = await worker.ask({ kind: "types", mutant }, PATIENCE.compiler);
  return failed ? { status: "impossible", by: failed } : { compiles: true };
}

/** Lets payments happen with each change that no test has noticed. */
async function simulateSurvivors(payments: number): Promise<void> {
  console.log(`letting ${payments} payments happen with each of ${survivors().length} survivors`);
  const simulate = async (worker: Worker, changes: Change[]): Promise<string | undefined> =>
    (await worker.ask({ kind: "simulate", changes, payments, seed: 1 }, PATIENCE.simulation)).failed;
  const [first = new Worker()] = workers;
  const anyway = await simulate(first, []);
  if (anyway) throw new Error(`without any change: ${anyway}`);
  await byAll(workers, survivors(), async (worker, result) => {
    const text = read(result.file);
    const to = text.slice(0, result.start) + result.to + text.slice(result.end);
    const failed = await simulate(worker, [{ file: result.file, from: text, to }]);
    if (failed) Object.assign(result, { status: "caught", by: failed });
  });
}

function survivors(): Result[] {
  return results.filter(({ status }) => status === "survived");
}

/** So that a run that was broken off goes on where it was. */
function keep(): void {
  for (const { key, file, line, id, status, by, why, compiles } of results)
    known[key] = { file, line, id, status, by, why, compiles };
  mkdirSync(dirname(CACHE), { recursive: true });
  writeFileSync(CACHE, JSON.stringify(known));
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function hashOf(...texts: string[]): string {
  return createHash("sha1").update(texts.join("\0")).digest("hex");
}

void main();
