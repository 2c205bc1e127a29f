import type { BenchStore } from "./bench-store";
import type { Result } from "./report";

/** What a benchmark is given. */
export interface Bench {
  store: BenchStore;
  /** Prints a line. */
  say: (line: string) => void;
}

/** Something that this project claims about speed, and how it is measured. */
export interface Benchmark {
  /** For the command line. */
  name: string;
  title: string;
  /** How it is measured, in words: Markdown. */
  method: string;
  run(bench: Bench): Promise<Result[]>;
}
