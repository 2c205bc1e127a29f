/** Source of time, which tests and simulations replace. */
export interface Clock {
  now(): Date;
  /**
   * Runs a function once, after some milliseconds.
   *
   * @returns a function that cancels the timer
   */
  schedule(milliseconds: number, run: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  schedule(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** A moment some milliseconds after another. */
export function after(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds);
}

/** Resolves after some milliseconds. */
export function sleep(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(milliseconds, resolve));
}

/**
 * Runs a function repeatedly: first after the interval, then an interval after each run has succeeded or failed.
 *
 * @returns a function that stops it
 */
export function repeat(clock: Clock, milliseconds: number, run: () => Promise<unknown>): () => void {
  let isStopped = false;
  let cancel: () => void;
  const wait = (): void => {
    if (!isStopped) cancel = clock.schedule(milliseconds, () => void run().then(wait, wait));
  };
  wait();
  return () => {
    isStopped = true;
    cancel();
  };
}

/** Waits for a result, and gives undefined after the time limit; the work continues. */
export async function inTime<T>(
  clock: Clock,
  work: Promise<T>,
  milliseconds: number,
): Promise<T | undefined> {
  let cancel: () => void = () => undefined;
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.schedule(milliseconds, () => resolve(undefined));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
