// `npm test`: runs the suites one after the other, cheapest first, and adds up what they found.
// `npm test -- unit` runs one suite (several may be named); everything else on the command line goes to jest.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { argv, env, execPath, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./ensure-built.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const jest = createRequire(import.meta.url).resolve("jest/bin/jest");
const suiteTimeLimitMilliseconds = 45 * 60_000;
const endTimeLimitMilliseconds = 10_000;

const suites = [
  { name: "unit", workers: "100%" },
  { name: "contract", workers: "100%" },
  { name: "simulation", workers: "100%" },
  // Two at a time, on any machine: each file starts a Medusa, and waits more than it works.
  { name: "store", workers: 2, usesBuild: true },
  { name: "browser", workers: 2, usesBuild: true },
  // Kills servers, loses answers and waits for what comes back: longer than all others together, so only when it is named.
  { name: "resilience", workers: 1, usesBuild: true, onlyWhenNamed: true },
];

const given = argv.slice(2);
const named = suites.filter(({ name }) => given.includes(name));
const chosen = named.length > 0 ? named : suites.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
const forJest = given.filter((argument) => !named.some(({ name }) => name === argument));

/** Runs one suite. Returns what it found; a suite that broke off counts as one failure. */
async function run({ name, workers }, results) {
  const outputFile = join(results, `${name}.json`);
  const args = [
    "--selectProjects",
    name,
    "--json",
    `--outputFile=${outputFile}`,
    "--passWithNoTests",
    `--maxWorkers=${workers}`,
    ...forJest,
  ];
  console.log(`\n${name}`);
  const child = spawn(execPath, [jest, ...args], {
    cwd: root,
    // jest writes its report to stderr, and with --json the results to stdout once more.
    stdio: ["inherit", "ignore", "inherit"],
    timeout: suiteTimeLimitMilliseconds,
    killSignal: "SIGKILL",
    env: { ...env, NODE_OPTIONS: nodeOptions(), MEDUSA_DISABLE_TELEMETRY: "true" },
  });
  const guard = endAfterResults(child, outputFile);
  const code = await new Promise((done, fail) => child.once("error", fail).once("exit", done));
  clearInterval(guard);
  return count(outputFile, code);
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

/** jest needs this to load ES modules. */
function nodeOptions() {
  const needed = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const present = (env.NODE_OPTIONS ?? "").split(" ").filter(Boolean);
  return [...present, ...needed.filter((option) => !present.includes(option))].join(" ");
}

const total = { passed: 0, failed: 0, skipped: 0 };
const results = mkdtempSync(join(tmpdir(), "test-results-"));
try {
  if (chosen.some(({ usesBuild }) => usesBuild)) await ensureBuilt();
  for (const suite of chosen) {
    const found = await run(suite, results);
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
