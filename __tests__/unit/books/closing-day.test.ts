import { dayToClose, nextTryAfter } from "../../../src/books/closing-day";

const at = (iso: string): Date => new Date(iso);
const STOCKHOLM = { closeAt: "23:55", timeZone: "Europe/Stockholm" };

describe("the day that the schedule has to close", () => {
  it("is the local day once the local time is past closeAt, and it is closed once", () => {
    const due = (iso: string, last?: string) => dayToClose(at(iso), STOCKHOLM, last);
    expect(due("2026-01-15T22:54:59Z", "2026-01-14")).toBeUndefined();
    expect(due("2026-01-15T22:55:00Z", "2026-01-14")).toBe("2026-01-15");
    expect(due("2026-01-15T22:55:00Z", "2026-01-15")).toBeUndefined();
    // In summer, Stockholm is two hours ahead.
    expect(due("2026-07-15T21:54:59Z", "2026-07-14")).toBeUndefined();
    expect(due("2026-07-15T21:55:00Z", "2026-07-14")).toBe("2026-07-15");
  });

  it("may be the first one, unless its closeAt was yesterday", () => {
    expect(dayToClose(at("2026-01-15T22:57:00Z"), STOCKHOLM, undefined)).toBe("2026-01-15");
    expect(dayToClose(at("2026-01-15T23:05:00Z"), STOCKHOLM, undefined)).toBeUndefined();
  });

  it("is closed late, but not later than twelve hours, when no server ran", () => {
    const due = (iso: string) => dayToClose(at(iso), STOCKHOLM, "2026-01-14");
    expect(due("2026-01-15T23:05:00Z")).toBe("2026-01-15");
    expect(due("2026-01-16T10:55:00Z")).toBe("2026-01-15");
    expect(due("2026-01-16T10:56:00Z")).toBeUndefined();
    expect(due("2026-01-16T22:55:00Z")).toBe("2026-01-16");
    const early = { ...STOCKHOLM, closeAt: "00:10" };
    expect(dayToClose(at("2026-01-15T11:10:00Z"), early, "2026-01-14")).toBe("2026-01-15");
    expect(dayToClose(at("2026-01-15T11:11:00Z"), early, "2026-01-14")).toBeUndefined();
  });

  /** Every day that a server closes which looks every five minutes. */
  function closedDays(schedule: typeof STOCKHOLM, from: string, to: string, first: string): string[] {
    const closed = [first];
    for (let now = at(from); now < at(to); now = new Date(now.getTime() + 300_000)) {
      const day = dayToClose(now, schedule, closed.at(-1));
      if (day !== undefined) closed.push(day);
    }
    return closed.slice(1);
  }

  const zones = [
    // Clocks go from 02:00 to 03:00 on 29 March, and from 03:00 to 02:00 on 25 October.
    [
      "Europe/Stockholm",
      "2026-03-27T12:00:00Z",
      "2026-03-26",
      ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"],
    ],
    [
      "Europe/Stockholm",
      "2026-10-23T12:00:00Z",
      "2026-10-22",
      ["2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"],
    ],
    // Clocks change at midnight: to 01:00, and back to 23:00 of the day before.
    [
      "Asia/Beirut",
      "2026-03-27T12:00:00Z",
      "2026-03-26",
      ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"],
    ],
    [
      "Asia/Beirut",
      "2026-10-23T12:00:00Z",
      "2026-10-22",
      ["2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"],
    ],
  ] as const;
  const times = [
    "00:00",
    "00:30",
    "01:59",
    "02:00",
    "02:30",
    "02:59",
    "03:00",
    "12:00",
    "23:00",
    "23:30",
    "23:55",
    "23:59",
  ];

  it.each(zones.flatMap((zone) => times.map((closeAt) => [closeAt, ...zone] as const)))(
    "at %s in %s comes once for each local day from %s on",
    (closeAt, timeZone, from, first, days) => {
      const end = new Date(at(from).getTime() + 4 * 86_400_000).toISOString();
      const closed = closedDays({ closeAt, timeZone }, from, end, first);
      // The first and the last day may begin or end outside of the span.
      const whole = [...days.slice(1)];
      expect(new Set(closed).size).toBe(closed.length);
      expect(closed).toEqual(expect.arrayContaining(whole));
    },
  );

  it("is one for a time of day that comes twice, at its first", () => {
    const schedule = { ...STOCKHOLM, closeAt: "02:30" };
    expect(dayToClose(at("2026-10-25T00:30:00Z"), schedule, "2026-10-24")).toBe("2026-10-25");
    for (let minute = 0; minute < 180; minute++) {
      const later = new Date(at("2026-10-25T00:31:00Z").getTime() + minute * 60_000);
      expect(dayToClose(later, schedule, "2026-10-25")).toBeUndefined();
    }
  });

  it("is due after the hour that is skipped, for a time of day in it", () => {
    const schedule = { ...STOCKHOLM, closeAt: "02:30" };
    expect(dayToClose(at("2026-03-29T00:59:00Z"), schedule, "2026-03-28")).toBeUndefined();
    expect(dayToClose(at("2026-03-29T01:00:00Z"), schedule, "2026-03-28")).toBe("2026-03-29");
  });

  it("is tried again after a minute, then after twice as long each time, at most an hour", () => {
    const last = at("2026-01-15T22:55:00Z");
    const minutes = [1, 2, 3, 6, 7, 30].map(
      (refusals) => (nextTryAfter(last, refusals).getTime() - last.getTime()) / 60_000,
    );
    expect(minutes).toEqual([1, 2, 4, 32, 60, 60]);
  });
});
