// Which steps of a set-up are done, in a file: a step is noted after it succeeded, so that an interrupted start does it again.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The steps that are done, each with what is remembered of it. */
export class CompletedSteps<Remembered extends object> {
  #steps: Partial<Remembered>;

  /** @param file JSON; missing or unreadable means that nothing is done */
  constructor(private readonly file: string) {
    this.#steps = read(file);
  }

  get<Step extends keyof Remembered>(step: Step): Remembered[Step] | undefined {
    return this.#steps[step];
  }

  set<Step extends keyof Remembered>(step: Step, value: Remembered[Step]): void {
    this.#write({ ...this.#steps, [step]: value });
  }

  forget(...steps: (keyof Remembered)[]): void {
    const kept = Object.entries(this.#steps).filter(([step]) => !steps.includes(step as keyof Remembered));
    this.#write(Object.fromEntries(kept) as Partial<Remembered>);
  }

  #write(steps: Partial<Remembered>): void {
    this.#steps = steps;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, `${JSON.stringify(steps, null, 2)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }
}

function read<Remembered>(file: string): Partial<Remembered> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<Remembered>;
  } catch {
    return {};
  }
}
