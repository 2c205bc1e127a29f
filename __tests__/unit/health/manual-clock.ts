import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../../src/clock";

/** A clock that a test turns. */
export interface ManualClock extends Clock {
  /** Turns the clock, runs what becomes due, and lets what that started go on. @param milliseconds 0 or more */
  pass(milliseconds: number): Promise<void>;
}

export function manualClock(start = Date.parse("2026-11-29T12:00:00.000Z")): ManualClock {
  let now = start;
  const due = new Set<{ at: number; run: () => void }>();
  return {
    now: () => new Date(now),
    schedule(milliseconds, run) {
      const one = { at: now + milliseconds, run };
      due.add(one);
      return () => void due.delete(one);
    },
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
        if (!next) break;
        due.delete(next);
        now = next.at;
        next.run();
        await turn();
      }
      now = end;
      await turn();
    },
  };
}
