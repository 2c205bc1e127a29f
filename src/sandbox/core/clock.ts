/** Time as the sandbox sees it: the only source of "now" and of timers in its core. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Runs something once at a time, or as soon as possible when that time has passed.
   *
   * @param time milliseconds since 1970
   * @returns a function that takes the order back
   */
  at(time: number, run: () => void): () => void;
}

/** The longest delay that setTimeout takes; longer ones are reached in several steps. */
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

/** A clock that stands still until somebody turns it: for tests that must not wait 20 seconds. */
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
   * Turns the clock forward and runs what falls due on the way, in order of time, each at its own time; what is
   * ordered meanwhile and falls due too is run as well.
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

  /** The earliest appointment up to a time; of equal ones the first that was made. */
  #next(end: number): Appointment | undefined {
    let first: Appointment | undefined;
    for (const other of this.#appointments) {
      if (other.time <= end && (!first || other.time < first.time)) first = other;
    }
    return first;
  }
}
