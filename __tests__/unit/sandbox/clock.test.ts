import { realClock, TurnableClock } from "../../../src/sandbox";
import { localTime } from "../../../src/sandbox/core/local-time";

describe("the turnable clock", () => {
  it("stands still until it is advanced", () => {
    const clock = new TurnableClock(1_000);
    const run = jest.fn();
    clock.at(1_000, run);
    expect([clock.now(), run.mock.calls.length]).toEqual([1_000, 0]);
    clock.advance(0);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("runs due timers in the order of their times, then of their creation, each at its own time", () => {
    const clock = new TurnableClock(0);
    const seen: string[] = [];
    const note = (name: string) => (): void => void seen.push(`${name} at ${clock.now()}`);
    clock.at(30, note("c"));
    clock.at(10, note("a"));
    clock.at(10, note("b"));
    clock.at(20, () => {
      note("nested")();
      clock.at(25, note("later"));
      clock.at(5, note("overdue"));
    });
    clock.at(31, note("never"));
    clock.advance(30);
    expect(seen).toEqual(["a at 10", "b at 10", "nested at 20", "overdue at 20", "later at 25", "c at 30"]);
    expect(clock.now()).toBe(30);
  });

  it("cancels timers, and cannot be set back", () => {
    const clock = new TurnableClock(0);
    const run = jest.fn();
    clock.at(1, run)();
    clock.advance(10);
    expect(run).not.toHaveBeenCalled();
    for (const wrong of [-1, NaN, Infinity]) expect(() => clock.advance(wrong)).toThrow(RangeError);
  });
});

describe("the real clock", () => {
  it("runs what is due, and what is overdue at once", async () => {
    await new Promise<void>((resolve) => {
      const keepAlive = setTimeout(() => undefined, 1_000);
      realClock.at(realClock.now() - 5, () => {
        clearTimeout(keepAlive);
        resolve();
      });
    });
  });

  it("reaches times further away than one timer can", () => {
    jest.useFakeTimers({ now: 0 });
    const run = jest.fn();
    const month = 30 * 86_400_000;
    realClock.at(month, run);
    jest.advanceTimersByTime(month - 1);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
    jest.useRealTimers();
  });
});

describe("SEQR's time (PROTOCOL 3.11, 11)", () => {
  it.each([
    ["2015-10-29T09:18:48.663Z", "2015-10-29T10:18:48.663+01:00"],
    ["2026-07-01T22:30:00.000Z", "2026-07-02T00:30:00.000+02:00"],
    ["2026-03-29T00:59:59.999Z", "2026-03-29T01:59:59.999+01:00"],
    ["2026-03-29T01:00:00.000Z", "2026-03-29T03:00:00.000+02:00"],
    ["2026-10-25T00:59:59.999Z", "2026-10-25T02:59:59.999+02:00"],
    ["2026-10-25T01:00:00.000Z", "2026-10-25T02:00:00.000+01:00"],
    ["2026-12-31T23:30:00.000Z", "2027-01-01T00:30:00.000+01:00"],
  ])("shows %s as %s", (utc, local) => {
    const { dateTime, digits, minute } = localTime(Date.parse(utc));
    expect(dateTime).toBe(local);
    expect(digits).toBe(local.slice(0, 23).replace(/\D/g, ""));
    expect(minute).toBe(local.slice(0, 16).replace("T", " "));
    expect(Date.parse(dateTime)).toBe(Date.parse(utc));
  });
});
