// Runs unit tests on changed source in this process, where packages are loaded once: jest itself would load them anew for
// every test file, which takes longer than the tests. Its functions (describe, expect, spies) are jest's own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { jestExpect } from "@jest/expect";
import { configureGlobal } from "fast-check";
import * as circus from "jest-circus";
import { ModuleMocker } from "jest-mock";
import * as ts from "typescript";
import type * as Simulation from "../../__tests__/simulation/simulate";
import { loadEdited, loadSource, type Edit } from "../../__tests__/simulation/source";
import { root } from "../../testkit/root";
import type { Answer, Coverage, Job } from "./jobs";
import { counted, mutantsOf } from "./mutants";
import type { FileMutant } from "./results";

const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
const mocker = new ModuleMocker(globalThis);
const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
};
Object.assign(globalThis, {
  describe,
  it,
  test,
  beforeAll,
  beforeEach,
  afterAll,
  afterEach,
  jest,
  expect: jestExpect,
});
// Property tests try the same examples each time.
configureGlobal({ seed: 1 });

/** Milliseconds, as long as a busy machine may take for what ends at all. */
const TEST_TIMEOUT = 10_000;

/** What ran since it was asked for last: places of the source, by the hit's name. */
let hits = new Set<string>();
Object.assign(globalThis, { __hit: (place: string) => void hits.add(place) });

let stray: unknown;
process.on("uncaughtException", (error) => (stray ??= error));
process.on("unhandledRejection", (error) => (stray ??= error));

/** Does a job. */
async function done(job: Job): Promise<Answer> {
  switch (job.kind) {
    case "cover":
      return cover(job);
    case "test":
      return runPlan(job);
    case "types":
      // What the compiler refuses cannot be written by mistake.
      return { failed: compiler().problemOf(job.mutant) };
    case "simulate":
      return simulate(job);
  }
}

/** Runs a test file, and says which blocks of which source each test ran. */
function cover({ testFile, sources }: Job & { kind: "cover" }): Promise<Coverage> {
  return runFile(testFile, (text, file) => {
    if (!sources.includes(file)) return text;
    const hit = (number: number): string => `__hit(${JSON.stringify(file)}+":${number}")`;
    return counted(text, mutantsOf(file, text).blocks, hit);
  });
}

/** Runs tests on a changed file until one fails. */
async function runPlan({ mutant, plan }: Job & { kind: "test" }): Promise<Answer> {
  for (const { testFile, names } of plan) {
    const { failed } = await runFile(testFile, editOf(mutant), new Set(names));
    if (failed) return { failed: `${testFile}: ${failed}` };
  }
  return {};
}

/** Lets payments happen in the simulated world with changed files. */
async function simulate({ changes, payments, seed }: Job & { kind: "simulate" }): Promise<Answer> {
  const simulation = loadSource<typeof Simulation>("__tests__/simulation/simulate.ts", changes);
  const { violations } = await simulation.simulate({ seed, payments, stopAtFirst: true });
  return violations > 0 ? { failed: `simulation of ${payments} payments` } : {};
}

function editOf({ file: changed, start, end, to }: FileMutant): Edit {
  return (text, file) => (file === changed ? text.slice(0, start) + to + text.slice(end) : text);
}

/**
 * @param testFile path from the root
 * @param only names of tests; left out, all. Those after the first that fails are left out too
 */
async function runFile(testFile: string, edit: Edit, only?: Set<string>): Promise<Coverage> {
  stray = undefined;
  hits = new Set();
  circus.resetState();
  circus.getState().testTimeout = 2 * TEST_TIMEOUT;
  const files = new Set<string>();
  try {
    loadEdited(testFile, (text, file) => {
      files.add(file);
      return edit(text, file);
    });
  } catch (error) {
    return { failed: `does not load: ${error}`, tests: [], always: [], files: [], failing: [] };
  }
  const always = hits;
  hits = new Set();
  const tests = watchTests(always, only);
  const { testResults, unhandledErrors } = await circus.run();
  jest.restoreAllMocks();
  const bad = testResults.filter(({ errors }) => errors.length > 0);
  const failing = bad.map(({ testPath }) => testPath.slice(1).join(" "));
  const error = bad[0]?.errors[0] ?? unhandledErrors[0] ?? (stray && String(stray));
  return {
    failing,
    failed: error === undefined ? undefined : `${failing[0] ?? ""} ${String(error).slice(0, 2000)}`,
    tests,
    always: [...always],
    files: [...files],
  };
}

/**
 * Has the tests that are loaded tell what they run, and ends after the first that fails where only some are run.
 *
 * @param always receives the places that run before all tests
 * @returns a list that the tests fill
 */
function watchTests(always: Set<string>, only: Set<string> | undefined): Coverage["tests"] {
  const tests: Coverage["tests"] = [];
  const { rootDescribeBlock } = circus.getState();
  const all = testsOf(rootDescribeBlock);
  for (const hook of beforeAllOf(rootDescribeBlock)) {
    const fn = hook.fn as () => unknown;
    hook.fn = async () => {
      await fn();
      for (const place of hits) always.add(place);
    };
  }
  let failed = false;
  for (const { name, entry } of all) {
    if (only && !only.has(name)) {
      entry.mode = "skip";
      continue;
    }
    const fn = entry.fn as () => unknown;
    const watched = async (): Promise<void> => {
      if (failed) return;
      const start = performance.now();
      try {
        await within(TEST_TIMEOUT, fn());
      } catch (error) {
        if (only) {
          failed = true;
          // Without the hooks of those that are left.
          for (const { entry: other } of all) other.mode = "skip";
        }
        throw error;
      } finally {
        // With what its hooks did before; what the hooks do afterwards counts for the next, which does no harm.
        tests.push({ name, milliseconds: performance.now() - start, hits: [...hits] });
        hits = new Set();
      }
    };
    if (fn.length === 0) entry.fn = watched;
  }
  return tests;
}

/** jest's own limit would go on with the next test, which may wait as long. */
async function within(milliseconds: number, work: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`takes longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Compiler {
  /** What it says against a change. */
  problemOf(mutant: FileMutant): string | undefined;
}

let theCompiler: Compiler | undefined;

/** TypeScript with the project's settings, for which any one file can be changed. */
function compiler(): Compiler {
  if (theCompiler) return theCompiler;
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as { config: unknown };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  let changed: { path: string; text: string } | undefined;
  let version = 0;
  const textOf = (path: string): string | undefined =>
    changed?.path === path ? changed.text : ts.sys.readFile(path);
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ ...options, noEmit: true }),
    getScriptFileNames: () => fileNames,
    getScriptVersion: (path) => (changed?.path === path ? `changed ${version}` : "as it is"),
    getScriptSnapshot: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath,
  });
  theCompiler = {
    problemOf({ file, start, end, to }) {
      const path = join(root, file);
      const text = readFileSync(path, "utf8");
      changed = { path, text: text.slice(0, start) + to + text.slice(end) };
      version++;
      const [first] = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
      return first && ts.flattenDiagnosticMessageText(first.messageText, " ");
    },
  };
  return theCompiler;
}

type Block = ReturnType<typeof circus.getState>["rootDescribeBlock"];
type Child = Block["children"][number];

function testsOf(
  block: Block,
  path: string[] = [],
): { name: string; entry: Extract<Child, { type: "test" }> }[] {
  return block.children.flatMap((child) => {
    const name = [...path, child.name];
    if (child.type === "describeBlock") return testsOf(child, name);
    return [{ name: name.join(" "), entry: child }];
  });
}

function beforeAllOf({ hooks, children }: Block): Block["hooks"] {
  return [
    ...hooks.filter(({ type }) => type === "beforeAll"),
    ...children.flatMap((child) => (child.type === "describeBlock" ? beforeAllOf(child) : [])),
  ];
}

process.on("message", (job: Job) => {
  const failed = (error: unknown): Answer => ({
    failed: String((error as Error | undefined)?.stack ?? error),
  });
  void done(job)
    .catch(failed)
    .then((answer) => process.send?.(answer));
});
