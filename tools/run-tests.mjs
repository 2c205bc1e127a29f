// `npm test`: runs the suites, cheapest first, and adds up what they found.
// `npm test -- unit` runs one suite (several may be named); everything else on the command line goes to jest.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { argv, env, execPath, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { prepareStore } from "../__tests__/setup/prepared-store.mjs";
import { startTestPostgres } from "../__tests__/setup/start-servers.mjs";
import { ensureBuilt } from "./ensure-built.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
const stageTimeLimitMilliseconds = 45 * 60_000;
const endTimeLimitMilliseconds = 10_000;

const stages = [
  { suites: ["unit", "contract", "simulation"], workers: "100%" },
  // On any machine: each file starts a Medusa of its own, and waits more than it works.
  { suites: ["store", "browser"], workers: 3, usesStore: true },
  // What takes too long for every day: only when it is named, as the next.
  { suites: ["thorough"], workers: 3, usesStore: true, onlyWhenNamed: true },
  // Kills servers, loses answers and waits for what comes back: longer than all others together.
  { suites: ["resilience"], workers: 1, usesStore: true, onlyWhenNamed: true },
];

const given = argv.slice(2);
const named = stages.flatMap(({ suites }) => suites).filter((name) => given.includes(name));
const chosen = stages
  .filter(({ onlyWhenNamed }) => named.length > 0 || !onlyWhenNamed)
  .map((stage) => ({
    ...stage,
    suites: stage.suites.filter((name) => named.length === 0 || named.includes(name)),
  }))
  .filter(({ suites }) => suites.length > 0);
const forJest = given.filter((argument) => !named.includes(argument));

/** Runs the suites of a stage. Returns what they found; one that broke off counts as one failure. */
async function run({ suites, workers, usesStore }, results) {
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
  const guard = endAfterResults(child, outputFile);
  const code = await new Promise((done, fail) => child.once("error", fail).once("exit", done));
  clearInterval(guard);
  return count(outputFile, code);
}

/** Builds the plugin, and prepares the store that the tests start. @returns the error, if it fails */
async function prepare() {
  try {
    await ensureBuilt();
    const postgres = await startTestPostgres(root);
    await prepareStore(postgres).finally(() => postgres.stop());
    return undefined;
  } catch (error) {
    return error;
  }
}

/** jest never ends when a test leaves something running. The results are written by then: that is a failure, not a wait. */
function endAfterResults(child, outputFile) {
  let seenAt;
  return setInterval(() => {
    if (existsSync(outputFile)) seenAt ??= Date.now();
    if (!seenAt || Date.now() - seenAt < endTimeLimitMilliseconds) return;
    console.error(
      "All tests have run, but something that they started still runs. Close it when the test ends.",
    );
    child.kill("SIGKILL");
  }, 1000);
}

function count(outputFile, code) {
  if (!existsSync(outputFile)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(outputFile, "utf8"));
  const passed = result.numPassedTests;
  const skipped = result.numPendingTests + result.numTodoTests;
  // A test file that could not be loaded holds no failed test, and a failed set-up or tear-down not even a file.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return { passed, failed: Math.max(failed, code === 0 ? 0 : 1), skipped };
}

/** jest needs this to load ES modules. Not for all: with it Node keeps the modules of every test file until it ends. */
function nodeOptions() {
  const needed = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const present = (env.NODE_OPTIONS ?? "").split(" ").filter(Boolean);
  return [...present, ...needed.filter((option) => !present.includes(option))].join(" ");
}

const total = { passed: 0, failed: 0, skipped: 0 };
const results = mkdtempSync(join(tmpdir(), "test-results-"));
try {
  // Made while the suites run that need no server.
  const preparing = chosen.some(({ usesStore }) => usesStore) ? prepare() : undefined;
  for (const stage of chosen) {
    const obstacle = stage.usesStore && (await preparing);
    if (obstacle) throw obstacle;
    const found = await run(stage, results);
    for (const kind of Object.keys(total)) total[kind] += found[kind];
  }
} catch (error) {
  console.error(error.message);
  total.failed += 1;
} finally {
  rmSync(results, { recursive: true, force: true });
}
console.log(`\ntests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
