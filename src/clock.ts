/** Where time comes from, so that tests and simulations can turn it. */
export interface Clock {
  now(): Date;
  /**
   * Runs something once, after some milliseconds.
   *
   * @returns a function that takes the order back
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
 * Runs something again and again, the first time after the interval, and the next an interval after it has ended, well
 * or not.
 *
 * @returns a function that ends it
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

/** The result, or undefined when it is not there in time; the work goes on all the same. */
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
