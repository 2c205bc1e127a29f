import type { Clock } from "../../src/clock";
import type { RunContext } from "./run-context";
import { NOTHING_BEGUN } from "./timeline";

/** What the database says when it goes away. */
export class DatabaseGone extends Error {
  constructor(step: string) {
    super(`${step}: terminating connection`);
  }
}

/**
 * One process, from its start to its death. Whatever it does outside its own memory is a step. It may die before or
 * after any of them: then nothing that it was waiting for ever comes, and its timers are gone.
 */
export class SimulatedProcess {
  #alive = true;
  readonly clock: Clock;

  constructor(
    private readonly runContext: RunContext,
    readonly name: string,
    private readonly died: () => void,
  ) {
    const { timeline } = runContext;
    this.clock = {
      now: () => new Date(timeline.now()),
      schedule: (milliseconds, run) =>
        timeline.after(milliseconds, () => (this.#alive ? run() : NOTHING_BEGUN)),
    };
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  die(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.runContext.count("crashes");
    this.runContext.trouble();
    this.runContext.note(this.name, "dies");
    this.died();
  }

  /**
   * Does something outside the process's memory.
   *
   * @param failing how likely it fails, before and after its effect; left out, as likely as the database
   */
  async step<T>(
    name: string,
    work: () => T | Promise<T>,
    failing = this.runContext.weather.database,
  ): Promise<T> {
    if (!this.#alive) return never();
    const { random, weather } = this.runContext;
    const fate = random.next();
    const deaths = 2 * weather.crash;
    const failures = deaths + 2 * failing;
    if (fate < weather.crash) return this.#death(name, "before");
    if (fate >= deaths && fate < deaths + failing) return this.#failure(name, "before");
    // Half of what is slow waits for its turn, the other half for its answer.
    const isSlow = fate >= failures && fate < failures + weather.slow;
    if (isSlow && fate < failures + weather.slow / 2) {
      await this.sleep(random.between(1, 60));
      const late = await work();
      return this.#alive ? late : never();
    }
    const result = work();
    if (fate < deaths) {
      if (result instanceof Promise) result.catch(() => undefined);
      return this.#death(name, "after");
    }
    if (fate < failures) {
      if (result instanceof Promise) result.catch(() => undefined);
      return this.#failure(name, "after");
    }
    if (isSlow) await this.sleep(random.between(1, 60));
    else if (weather.stalled && fate > 1 - weather.stalled) await this.sleep(random.between(200, 2_500));
    const value = await result;
    return this.#alive ? value : never();
  }

  /** Waits, unless the process dies meanwhile. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.schedule(milliseconds, resolve));
  }

  #death(name: string, when: "before" | "after"): Promise<never> {
    this.runContext.note(this.name, `dies ${when} ${name}`);
    this.die();
    return never();
  }

  #failure(name: string, when: "before" | "after"): never {
    this.runContext.count("database_failures");
    this.runContext.trouble();
    this.runContext.note(this.name, `database fails ${when} ${name}`);
    throw new DatabaseGone(name);
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** The same object, each of whose methods is a step of a process. */
export function stepping<T extends object>(target: T, what: string, process: SimulatedProcess): T {
  const wrapped = new Map<PropertyKey, unknown>();
  return new Proxy(target, {
    get(object, name) {
      const known = wrapped.get(name);
      if (known) return known;
      const method: unknown = Reflect.get(object, name);
      if (typeof method !== "function") return method;
      const step = (...args: unknown[]): Promise<unknown> =>
        process.step(`${what}.${String(name)}`, () => Reflect.apply(method, object, args) as unknown);
      wrapped.set(name, step);
      return step;
    },
  });
}
