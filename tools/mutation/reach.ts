import { basename } from "node:path";
import type { Coverage, PlannedTests } from "./jobs";
import type { FileMutant } from "./results";

/** Milliseconds; tests that take longer, which mostly wait, come last. */
const SLOW = 300;

/** Names of tests by their file. */
type ByFile = Map<string, Set<string>>;

/** Which tests reach which code, and in which order they are asked. */
export class Reach {
  /** Of each block of each source: the tests that run it. */
  readonly #blocks = new Map<string, ByFile>();
  /** Of each source: the test files that load it, with all their tests. */
  readonly #loads = new Map<string, ByFile>();
  readonly #milliseconds = new Map<string, number>();
  /** Of each test file: the files of tests that it loads, itself among them. */
  readonly #testFiles = new Map<string, string[]>();
  /** How often a test file has noticed a change of a source: those that have most often are asked first. */
  readonly #noticed = new Map<string, number>();

  /** @param sources that the test file is run for */
  add(
    testFile: string,
    sources: string[],
    { tests = [], always = [], files = [], failing = [] }: Partial<Coverage>,
  ): void {
    const passing = tests.filter(({ name }) => !failing.includes(name));
    const names = passing.map(({ name }) => name);
    for (const { name, milliseconds, hits } of passing) {
      this.#milliseconds.set(`${testFile} ${name}`, milliseconds);
      for (const place of hits) remember(this.#blocks, place, testFile, [name]);
    }
    this.#testFiles.set(
      testFile,
      files.filter((file) => file.startsWith("__tests__/")),
    );
    for (const place of always) remember(this.#blocks, place, testFile, names);
    for (const file of files.filter((one) => sources.includes(one)))
      remember(this.#loads, file, testFile, names);
  }

  /** A test has noticed a change of a file. @param by the test file, a colon, and what failed */
  noticed(file: string, by: string): void {
    const [testFile = ""] = by.split(":");
    const key = `${file} ${testFile}`;
    this.#noticed.set(key, (this.#noticed.get(key) ?? 0) + 1);
  }

  /** The tests that reach a change: those of the file's own name first, then those that noticed most, then the quick ones. */
  planFor({ file, block }: FileMutant): PlannedTests[] {
    const byFile = block < 0 ? this.#loads.get(file) : this.#blocks.get(`${file}:${block}`);
    const all = [...(byFile ?? [])]
      .map(([testFile, names]) => ({ testFile, names: [...names] }))
      .map((part) => ({ ...part, rank: this.#rank(file, part.testFile), time: this.#time(part) }))
      .sort((one, other) => other.rank - one.rank || one.time - other.time);
    const parts = (isWanted: (milliseconds: number) => boolean): PlannedTests[] =>
      all.map(({ testFile, names }) => ({
        testFile,
        names: names.filter((name) => isWanted(this.#timeOf(testFile, name))),
      }));
    const quick = parts((milliseconds) => milliseconds <= SLOW);
    const slow = parts((milliseconds) => milliseconds > SLOW);
    return [...quick, ...slow].filter(({ names }) => names.length > 0);
  }

  /** The files of tests that a plan loads. */
  filesOf(plan: PlannedTests[]): string[] {
    return [...new Set(plan.flatMap(({ testFile }) => this.#testFiles.get(testFile) ?? []))].sort();
  }

  #rank(file: string, testFile: string): number {
    const isItsOwn = basename(testFile).startsWith(basename(file, ".ts"));
    return (isItsOwn ? 1_000 : 0) + (this.#noticed.get(`${file} ${testFile}`) ?? 0);
  }

  #time({ testFile, names }: PlannedTests): number {
    return names.reduce((sum, name) => sum + this.#timeOf(testFile, name), 0);
  }

  #timeOf(testFile: string, name: string): number {
    return this.#milliseconds.get(`${testFile} ${name}`) ?? 0;
  }
}

function remember(map: Map<string, ByFile>, key: string, testFile: string, names: string[]): void {
  const byFile: ByFile = map.get(key) ?? new Map();
  byFile.set(testFile, new Set([...(byFile.get(testFile) ?? []), ...names]));
  map.set(key, byFile);
}
