// `npm test`: runs the suites, cheapest first, and adds up what they found.
// `npm test -- unit` runs one suite (several may be named); everything else on the command line goes to jest.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process, { argv, env, execPath, exit } from "node:process";
import { prepareStore } from "../../__tests__/setup/prepared-store";
import { startTestPostgres } from "../../__tests__/setup/test-postgres";
import { root } from "../../testkit/root";
import { ensureBuilt } from "../build/ensure-built";

const jest = require.resolve("jest/bin/jest");
const stageTimeLimitMilliseconds = 45 * 60_000;
const endTimeLimitMilliseconds = 10_000;

/** Suites that run together. */
interface Stage {
  suites: string[];
  workers: number | string;
  /** Whether they start the prepared store. */
  usesStore?: boolean;
  onlyWhenNamed?: boolean;
}

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const stages: Stage[] = [
  { suites: ["unit", "contract", "simulation"], workers: "100%" },
  // On any machine: each file starts a Medusa of its own, and waits more than it works.
  { suites: ["store", "browser"], workers: 3, usesStore: true },
  // What takes too long for every day: only when it is named, as the next.
  { suites: ["thorough"], workers: 3, usesStore: true, onlyWhenNamed: true },
  // Kills servers, loses answers and waits for what comes back: longer than all others together.
  { suites: ["resilience"], workers: 1, usesStore: true, onlyWhenNamed: true },
];

/** The process of jest, while a stage runs. */
let running: ChildProcess | undefined;

/** Runs the suites that the arguments name, or those for every day, and ends this process. */
export async function runTests(given: string[]): Promise<never> {
  const named = stages.flatMap(({ suites }) => suites).filter((name) => given.includes(name));
  const forJest = given.filter((argument) => !named.includes(argument));
  const chosen = stagesOf(named);
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  const results = mkdtempSync(join(tmpdir(), "test-results-"));
  let isInterrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      isInterrupted = true;
      running?.kill("SIGTERM");
    });
  try {
    // Made while the suites run that need no server.
    const preparing = chosen.some(({ usesStore }) => usesStore) ? prepare() : undefined;
    // It fails the stage that needs it, not this process.
    preparing?.catch(() => {});
    for (const stage of chosen) {
      if (stage.usesStore && !isInterrupted) await preparing;
      if (isInterrupted) break;
      const found = await run(stage, forJest, results);
      total.passed += found.passed;
      total.failed += found.failed;
      total.skipped += found.skipped;
    }
  } catch (error) {
    console.error((error as Error).message);
    total.failed += 1;
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
  console.log(`\ntests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
}

/** The stages with the named suites; without names, all but those that have to be named. */
function stagesOf(named: string[]): Stage[] {
  return stages
    .filter(({ onlyWhenNamed }) => named.length > 0 || !onlyWhenNamed)
    .map((stage) => ({
      ...stage,
      suites: stage.suites.filter((name) => named.length === 0 || named.includes(name)),
    }))
    .filter(({ suites }) => suites.length > 0);
}

/** Runs the suites of a stage. Returns what they found; one that broke off counts as one failure. */
async function run(
  { suites, workers, usesStore }: Stage,
  forJest: string[],
  results: string,
): Promise<Count> {
  const outputFile = join(results, `${suites[0]}.json`);
  const args = [
    "--selectProjects",
    ...suites,
    "--json",
    `--outputFile=${outputFile}`,
    "--passWithNoTests",
    `--maxWorkers=${workers}`,
    ...forJest,
  ];
  console.log(`\n${suites.join(", ")}`);
  const child = spawn(execPath, [jest, ...args], {
    cwd: root,
    // jest writes its report to stderr, and with --json the results to stdout once more.
    stdio: ["inherit", "ignore", "inherit"],
    timeout: stageTimeLimitMilliseconds,
    killSignal: "SIGKILL",
    env: { ...env, ...(usesStore && { NODE_OPTIONS: nodeOptions() }), MEDUSA_DISABLE_TELEMETRY: "true" },
  });
  running = child;
  const guard = endAfterResults(child, outputFile);
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("exit", done));
  clearInterval(guard);
  return count(outputFile, code);
}

/**
 * Builds the plugin, and prepares the store that the tests start. This process uses PostgreSQL until it ends: it also stops the
 * server when jest was interrupted and could not.
 */
async function prepare(): Promise<void> {
  await ensureBuilt();
  await prepareStore(await startTestPostgres(root));
}

/** jest never ends when a test leaves something running. The results are written by then: that is a failure, not a wait. */
function endAfterResults(child: ChildProcess, outputFile: string): NodeJS.Timeout {
  let seenAt: number | undefined;
  return setInterval(() => {
    if (existsSync(outputFile)) seenAt ??= Date.now();
    if (!seenAt || Date.now() - seenAt < endTimeLimitMilliseconds) return;
    console.error(
      "All tests have run, but something that they started still runs. Close it when the test ends.",
    );
    child.kill("SIGKILL");
  }, 1000);
}

/** As far as it is read; jest writes it. */
interface JestResults {
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
}

function count(outputFile: string, code: number | null): Count {
  if (!existsSync(outputFile)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(outputFile, "utf8")) as JestResults;
  // A test file that could not be loaded holds no failed test, and a failed set-up or tear-down not even a file.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: Math.max(failed, code === 0 ? 0 : 1),
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/** jest needs this to load ES modules. Not for all: with it Node keeps the modules of every test file until it ends. */
function nodeOptions(): string {
  const needed = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const present = (env.NODE_OPTIONS ?? "").split(" ").filter(Boolean);
  return [...present, ...needed.filter((option) => !present.includes(option))].join(" ");
}

if (require.main === module) void runTests(argv.slice(2));
