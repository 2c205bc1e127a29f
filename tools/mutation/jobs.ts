// What the command and its workers say to each other.
import type { Change } from "../../__tests__/simulation/source";
import type { FileMutant } from "./results";

/** The tests of a file that are run on a change, by their names. */
export interface PlannedTests {
  testFile: string;
  names: string[];
}

export type Job =
  | { kind: "cover"; testFile: string; sources: string[] }
  | { kind: "test"; mutant: FileMutant; plan: PlannedTests[] }
  | { kind: "types"; mutant: FileMutant }
  | { kind: "simulate"; changes: Change[]; payments: number; seed: number };

/** How a job ended. */
export interface Answer {
  /** What noticed the change; with `cover`: what fails without any. */
  failed?: string | undefined;
}

/** What a test file runs. Places are `path:number of the block`. */
export interface Coverage extends Answer {
  tests: { name: string; milliseconds: number; hits: string[] }[];
  /** Places that run while the file is loaded, and before all its tests. */
  always: string[];
  /** The files that it loads, itself among them. */
  files: string[];
  /** Names of the tests that fail. */
  failing: string[];
}
