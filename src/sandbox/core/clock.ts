/** The only source of the current time and of timers in the sandbox's core. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Runs a function once at a time, or as soon as possible after it.
   *
   * @param time milliseconds since 1970
   * @returns a function that cancels the timer
   */
  at(time: number, run: () => void): () => void;
}

/** The longest delay of setTimeout; a longer one takes several steps. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The machine's own clock. */
export const realClock: Clock = {
  now: Date.now,
  at(time, run) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delay = time - Date.now();
      timer = delay > LONGEST_DELAY ? setTimeout(arm, LONGEST_DELAY) : setTimeout(run, Math.max(0, delay));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

interface Appointment {
  time: number;
  run: () => void;
}

/** A clock that stands still until a test advances it, so that the test need not wait 20 seconds. */
export class TurnableClock implements Clock {
  #now: number;
  readonly #appointments = new Set<Appointment>();

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, run: () => void): () => void {
    const appointment = { time, run };
    this.#appointments.add(appointment);
    return () => void this.#appointments.delete(appointment);
  }

  /**
   * Advances the clock and runs the timers that become due, each at its own time and in order, including timers that
   * are set meanwhile.
   *
   * @param milliseconds 0 or more
   */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0 && milliseconds < Infinity))
      throw new RangeError("a clock cannot be turned back");
    const end = this.#now + milliseconds;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.#appointments.delete(due);
      this.#now = Math.max(this.#now, due.time);
      due.run();
    }
    this.#now = end;
  }

  /** The earliest timer up to a time; of equal ones the first that was set. */
  #next(end: number): Appointment | undefined {
    let first: Appointment | undefined;
    for (const other of this.#appointments) {
      if (other.time <= end && (!first || other.time < first.time)) first = other;
    }
    return first;
  }
}
