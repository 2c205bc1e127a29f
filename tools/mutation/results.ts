import type { Mutant } from "./mutants";

/** What becomes of a change: a test notices it, none does, or the compiler refuses it. */
export type Status = "caught" | "survived" | "impossible";

export interface Outcome {
  status: Status;
  /** The test that noticed it, or what the compiler said. */
  by?: string | undefined;
  /** Why nothing noticed it, where that is known. */
  why?: string | undefined;
  /** Whether the compiler has taken it. */
  compiles?: boolean | undefined;
}

/** A change of a source file. */
export interface FileMutant extends Mutant {
  /** Path from the root. */
  file: string;
  /** Why it may survive. */
  reason?: string | undefined;
}

export interface Result extends FileMutant, Outcome {
  /** The same as long as the change, its file and the tests that reach it are the same. */
  key: string;
}
