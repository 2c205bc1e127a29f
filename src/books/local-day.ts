const DAY = 86_400_000;

/**
 * Finds the day on which a moment lies, `2026-01-15`.
 *
 * @param timeZone as the IANA names it
 */
export function localDays(timeZone: string): (moment: Date) => string {
  const format = new Intl.DateTimeFormat("en", {
    ...{ timeZone, calendar: "gregory", numberingSystem: "latn" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
  });
  return (moment) => {
    const parts = format.formatToParts(moment);
    const part = (name: string): string => parts.find(({ type }) => type === name)?.value ?? "";
    return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  };
}

/**
 * The first moment of a day, also where clocks change at midnight.
 *
 * @param day `2026-01-15`
 * @param timeZone as the IANA names it
 */
export function startOfDay(day: string, timeZone: string): Date {
  const dayOf = localDays(timeZone);
  const around = new Date(`${day}T00:00:00Z`).getTime();
  // No time zone is further from UTC than that.
  let [before, after] = [around - 2 * DAY, around + 2 * DAY];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayOf(new Date(middle)) < day) before = middle;
    else after = middle;
  }
  return new Date(after);
}

/** The day after a day. */
export function nextDay(day: string): string {
  return daysLater(day, 1);
}

/** The day before a day. */
export function dayBefore(day: string): string {
  return daysLater(day, -1);
}

function daysLater(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}
