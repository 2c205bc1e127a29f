// Tells a person what is going on: each step with the time it takes, drawn in place on a terminal, in lines elsewhere.
const redrawEvery = 1_000;
const remindEvery = 15_000;

/** Where it is written, such as `process.stdout`. */
interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  say(text: string): void;
  /** Runs the work and says how long it took. What the work throws is thrown as a `StepError`. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** What a step threw, with the step's name. */
export class StepError extends Error {
  constructor(
    readonly step: string,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Adds a step's name to what it threw, unless a step within it has done so. */
export function inStep(step: string, error: unknown): StepError {
  return error instanceof StepError ? error : new StepError(step, error);
}

export function progressOn(out: Output): Progress {
  const say = (text: string): void => void out.write(`${text}\n`);

  async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const started = Date.now();
    const draw = (): void => {
      if (out.isTTY) out.write(`\r\x1b[K  … ${title}, ${seconds(started)}`);
    };
    const remind = (): void => say(`  … ${title}, ${seconds(started)}`);
    draw();
    const timers = out.isTTY
      ? [setInterval(draw, redrawEvery)]
      : [setTimeout(remind, redrawEvery), setInterval(remind, remindEvery)];
    const finish = (mark: string): void => {
      timers.forEach(clearInterval);
      if (out.isTTY) out.write("\r\x1b[K");
      say(`  ${mark} ${title}, ${seconds(started)}`);
    };
    try {
      const result = await work();
      finish("✓");
      return result;
    } catch (error) {
      finish("✗");
      throw inStep(title, error);
    }
  }

  return { say, step };
}

function seconds(since: number): string {
  const elapsed = (Date.now() - since) / 1000;
  return `${elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} s`;
}
