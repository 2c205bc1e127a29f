import fc from "fast-check";
import { FixedWindowRateLimiter } from "../../../src/api/token-gate/fixed-window-rate-limiter";

describe("a counter of events in windows of time", () => {
  let now = 0;
  beforeEach(() => {
    now = 1_000;
  });
  const counter = (keys = 10) => new FixedWindowRateLimiter({ count: 2, per: 500 }, keys, () => now);

  it("counts each key separately, and reports the rest of the window above the limit", () => {
    const limited = counter();
    expect([limited.add("a"), limited.add("a"), limited.add("b")]).toEqual([undefined, undefined, undefined]);
    now += 100;
    expect(limited.add("a")).toBe(400);
    expect(limited.add("b")).toBeUndefined();
    now += 399;
    expect(limited.add("a")).toBe(1);
  });

  it("begins again when the window is over", () => {
    const limited = counter();
    for (let i = 0; i < 5; i++) limited.add("a");
    now += 500;
    expect([limited.add("a"), limited.add("a"), limited.add("a")]).toEqual([undefined, undefined, 500]);
  });

  it("uncounts an event", () => {
    const limited = counter();
    limited.add("a");
    limited.add("a");
    limited.forgive("a");
    expect([limited.add("a"), limited.add("a")]).toEqual([undefined, 500]);
    limited.forgive("unknown");
    expect(limited.add("unknown")).toBeUndefined();
  });

  it("never holds more keys than it may, and forgets the one whose window ends first", () => {
    const limited = counter(3);
    const isOver = (key: string) => limited.add(key) !== undefined;
    for (const key of ["a", "a", "a", "b", "b", "b"]) {
      limited.add(key);
      now += 1;
    }
    now += 495; // the window of a is over, that of b is not
    expect([isOver("a"), isOver("a")]).toEqual([false, false]);
    limited.add("c");
    limited.add("d"); // the fourth key: b is the oldest now
    expect([isOver("a"), isOver("b")]).toEqual([true, false]);
    for (let i = 0; i < 10_000; i++) limited.add(`k${i}`);
    expect([isOver("a"), isOver("a"), isOver("a")]).toEqual([false, false, true]);
  });

  it("lets no more than the limit through in any window, whatever comes when", () => {
    const events = fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), pause: fc.nat(200) }));
    fc.assert(
      fc.property(events, (all) => {
        const limited = counter();
        const taken: Record<string, number[]> = {};
        for (const { key, pause } of all) {
          now += pause;
          const wait = limited.add(key);
          if (wait === undefined) (taken[key] ??= []).push(now);
          else expect(wait).toBeGreaterThan(0);
        }
        // The ends of two windows can meet, so a stretch as long as one window holds twice the limit at most.
        for (const times of Object.values(taken)) {
          times.forEach((time, index) =>
            expect((times[index + 4] ?? Infinity) - time).toBeGreaterThanOrEqual(500),
          );
        }
      }),
    );
  });
});
