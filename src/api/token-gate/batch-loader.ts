import { setTimeout as pause } from "node:timers/promises";

/** Settings of a batch loader. */
export interface BatchLimits {
  /** Milliseconds in which keys are collected. */
  every: number;
  /** Largest number of keys in one batch; further keys are rejected. */
  most: number;
}

interface Batch<Found> {
  keys: Set<string>;
  found: Promise<ReadonlyMap<string, Found>>;
}

/** Loads many keys with one query, and runs one query at a time, so that its cost does not grow with the traffic. */
export class BatchLoader<Found> {
  #gathering: Batch<Found> | undefined;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly limits: BatchLimits,
    private readonly ask: (keys: string[]) => Promise<ReadonlyMap<string, Found>>,
  ) {}

  /**
   * @returns the value of the key; "full" when the key was rejected
   * @throws the query's error
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
