// Runs unit tests on changed source in this process, where packages are loaded once: jest itself would load them anew for
// every test file, which takes longer than the tests. Its functions (describe, expect, spies) are jest's own.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import ts from "typescript";
import { loadEdited, loadSource, root } from "../../__tests__/simulation/source.mjs";
import { counted, mutantsOf } from "./mutants.mjs";

const load = createRequire(import.meta.url);
const circus = load("jest-circus");
const { jestExpect } = load("@jest/expect");
const { ModuleMocker } = load("jest-mock");

const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
const mocker = new ModuleMocker(globalThis);
const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
};
Object.assign(globalThis, { describe, it, test, beforeAll, beforeEach, afterAll, afterEach, jest });
globalThis.expect = jestExpect;
// Property tests try the same examples each time.
load("fast-check").configureGlobal({ seed: 1 });

/** Milliseconds, as long as a busy machine may take for what ends at all. */
const TEST_TIMEOUT = 10_000;

/** What ran since it was asked for last: places of the source, by the hit's name. */
let hits = new Set();
globalThis.__hit = (place) => void hits.add(place);

let stray;
process.on("uncaughtException", (error) => (stray ??= error));
process.on("unhandledRejection", (error) => (stray ??= error));

const jobs = {
  /** Runs a test file, and says which blocks of which source each test ran. */
  async cover({ testFile, sources }) {
    const edit = (text, file) =>
      sources.includes(file)
        ? counted(
            text,
            mutantsOf(file, text).blocks,
            (number) => `__hit(${JSON.stringify(file)}+":${number}")`,
          )
        : text;
    return runFile(testFile, edit);
  },

  /** Runs tests on a changed file until one fails. */
  async test({ mutant, plan }) {
    const edit = (text, file) =>
      file === mutant.file ? text.slice(0, mutant.start) + mutant.to + text.slice(mutant.end) : text;
    for (const { testFile, names } of plan) {
      const { failed } = await runFile(testFile, edit, new Set(names));
      if (failed) return { failed: `${testFile}: ${failed}` };
    }
    return {};
  },

  /** Asks the compiler: what it refuses cannot be written by mistake. */
  async types({ mutant }) {
    return { failed: compiler().problemOf(mutant) };
  },

  /** Lets payments happen in the simulated world with a changed file. */
  async simulate({ mutant, payments, seed, text }) {
    const changes = mutant
      ? [
          {
            file: mutant.file,
            from: text,
            to: text.slice(0, mutant.start) + mutant.to + text.slice(mutant.end),
          },
        ]
      : [];
    const { simulate } = loadSource("__tests__/simulation/simulate.ts", changes);
    const { violations } = await simulate({ seed, payments, stopAtFirst: true });
    return violations > 0 ? { failed: `simulation of ${payments} payments` } : {};
  },
};

/**
 * @param {string} testFile path from the root
 * @param {(text: string, file: string) => string} edit
 * @param {Set<string>} [only] names of tests; left out, all. Those after the first that fails are left out too
 */
async function runFile(testFile, edit, only) {
  stray = undefined;
  hits = new Set();
  circus.resetState();
  circus.getState().testTimeout = 2 * TEST_TIMEOUT;
  const files = new Set();
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
  const tests = [];
  const all = testsOf(circus.getState().rootDescribeBlock);
  for (const hook of beforeAllOf(circus.getState().rootDescribeBlock)) {
    const { fn } = hook;
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
    const { fn } = entry;
    const watched = async () => {
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
  const { testResults, unhandledErrors } = await circus.run();
  jest.restoreAllMocks();
  const bad = testResults.find(({ errors }) => errors.length > 0);
  const error = bad?.errors[0] ?? unhandledErrors[0] ?? (stray && String(stray));
  const failing = testResults
    .filter(({ errors }) => errors.length > 0)
    .map(({ testPath }) => testPath.slice(1).join(" "));
  return {
    failing,
    failed:
      error === undefined
        ? undefined
        : `${bad ? bad.testPath.slice(1).join(" ") : ""} ${String(error).slice(0, 2000)}`,
    tests,
    always: [...always],
    files: [...files],
  };
}

/** jest's own limit would go on with the next test, which may wait as long. */
async function within(milliseconds, work) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`takes longer than ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

let theCompiler;

/** TypeScript with the project's settings, for which any one file can be changed. */
function compiler() {
  if (theCompiler) return theCompiler;
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  let changed;
  let version = 0;
  const textOf = (path) => (changed?.path === path ? changed.text : ts.sys.readFile(path));
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

function testsOf(block, path = []) {
  return block.children.flatMap((child) => {
    const name = [...path, child.name];
    if (child.type === "describeBlock") return testsOf(child, name);
    return [{ name: name.join(" "), entry: child }];
  });
}

function beforeAllOf({ hooks, children }) {
  return [
    ...hooks.filter(({ type }) => type === "beforeAll"),
    ...children.flatMap((child) => (child.type === "describeBlock" ? beforeAllOf(child) : [])),
  ];
}

process.on("message", async ({ kind, ...job }) => {
  const answer = await jobs[kind](job).catch((error) => ({ failed: String(error?.stack ?? error) }));
  process.send(answer);
});
