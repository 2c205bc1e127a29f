/** Number of events allowed in a time. */
export interface Limit {
  count: number;
  /** Milliseconds. */
  per: number;
}

interface Window {
  count: number;
  until: number;
}

/**
 * Counts events by key, in time windows that begin with a key's first event. Its memory is bounded: when there are
 * too many keys, it drops the one whose window ends first.
 */
export class FixedWindowRateLimiter {
  /** In the order in which the windows began, and thus in which they end. */
  readonly #windows = new Map<string, Window>();

  /** @param now milliseconds since any fixed moment */
  constructor(
    private readonly limit: Limit,
    private readonly keys: number,
    private readonly now: () => number,
  ) {}

  /**
   * Counts one event.
   *
   * @returns undefined within the limit, else the milliseconds until the window ends
   */
  add(key: string): number | undefined {
    const now = this.now();
    let window = this.#windows.get(key);
    if (!window || window.until <= now) {
      window = { count: 0, until: now + this.limit.per };
      this.#windows.delete(key);
      this.#windows.set(key, window);
      if (this.#windows.size > this.keys) {
        for (const [oldest] of this.#windows) {
          this.#windows.delete(oldest);
          break;
        }
      }
    }
    window.count += 1;
    return window.count > this.limit.count ? window.until - now : undefined;
  }

  /** Uncounts one event. */
  forgive(key: string): void {
    const window = this.#windows.get(key);
    if (window && window.count > 0) window.count -= 1;
  }
}
