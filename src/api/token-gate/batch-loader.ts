import { setTimeout as pause } from "node:timers/promises";

/** How a lookup in batches goes about. */
export interface BatchLimits {
  /** Milliseconds in which keys are gathered. */
  every: number;
  /** Keys in one batch; more are turned away. */
  most: number;
}

interface Batch<Found> {
  keys: Set<string>;
  found: Promise<ReadonlyMap<string, Found>>;
}

/** Looks many keys up with one question, and asks one question at a time: what it costs does not grow with the crowd. */
export class BatchLoader<Found> {
  #gathering: Batch<Found> | undefined;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly limits: BatchLimits,
    private readonly ask: (keys: string[]) => Promise<ReadonlyMap<string, Found>>,
  ) {}

  /**
   * @returns what was found under the key; "full" when it was not looked up
   * @throws whatever the question throws
   */
  async find(key: string): Promise<Found | undefined | "full"> {
    const batch = (this.#gathering ??= this.#begin());
    if (batch.keys.size >= this.limits.most) return "full";
    batch.keys.add(key);
    return (await batch.found).get(key);
  }

  #begin(): Batch<Found> {
    const keys = new Set<string>();
    const found = Promise.all([pause(this.limits.every), this.#asking.catch(() => undefined)]).then(() => {
      this.#gathering = undefined;
      return this.ask([...keys]);
    });
    this.#asking = found;
    return { keys, found };
  }
}
