import { after } from "../clock";
import type { ResolvedPeriods } from "../options/periods-options";
import { dayBefore } from "./local-day";

type Schedule = Pick<ResolvedPeriods, "closeAt" | "timeZone">;

/** Minutes after `closeAt` in which a day can still be closed. After that its payments belong to the next day. */
const LATE_MINUTES = 12 * 60;

const DAY_MINUTES = 24 * 60;

/** Milliseconds between two tries of a day that SEQR refused: doubles from the first up to the second. */
const FIRST_PAUSE = 60_000;
const LONGEST_PAUSE = 3_600_000;

/**
 * The day that the schedule has to close now: the local day, once the local time is past `closeAt`. A day that was missed, because no server
 * ran over midnight, is closed late; but only when the schedule has closed a day before, so that the first day is not one of the past.
 * It is the clock on the wall that decides, so a time of day that is skipped when summer time begins is passed with the hour, and one that
 * comes twice when it ends closes one day.
 *
 * @param last the last day that was closed
 * @returns the day as `2026-01-15`, or undefined when there is none
 */
export function dayToClose(now: Date, schedule: Schedule, last: string | undefined): string | undefined {
  const { day, minutes } = localTime(now, schedule.timeZone);
  const since = minutes - minutesOf(schedule.closeAt);
  const candidate = since >= 0 ? { day, since } : { day: dayBefore(day), since: since + DAY_MINUTES };
  const isClosed = last !== undefined && last >= candidate.day;
  const isTooLate = candidate.since > LATE_MINUTES;
  const isBeforeFirst = candidate.day !== day && last === undefined;
  return isClosed || isTooLate || isBeforeFirst ? undefined : candidate.day;
}

/** When a day may be tried again that SEQR has refused so many times, most recently at that moment. */
export function nextTryAfter(last: Date, refusals: number): Date {
  return after(last, Math.min(FIRST_PAUSE * 2 ** (refusals - 1), LONGEST_PAUSE));
}

/** The day and the minutes since midnight that a clock on the wall shows. */
function localTime(moment: Date, timeZone: string): { day: string; minutes: number } {
  const [day = "", time = ""] = clockOf(timeZone).format(moment).split(" ");
  return { day, minutes: minutesOf(time) };
}

/** Making one takes a hundred times as long as using it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ??
    // Swedish writes a date as ISO 8601 does.
    new Intl.DateTimeFormat("sv-SE", {
      ...{ timeZone, dateStyle: "short", timeStyle: "short" },
      ...{ calendar: "gregory", numberingSystem: "latn" },
    });
  clocks.set(timeZone, clock);
  return clock;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
