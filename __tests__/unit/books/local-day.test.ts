import { localDays, nextDay, startOfDay } from "../../../src/books/local-day";

describe("a day of the books", () => {
  it.each([
    ["2026-01-15T22:59:59.999Z", "Europe/Stockholm", "2026-01-15"],
    ["2026-01-15T23:00:00.000Z", "Europe/Stockholm", "2026-01-16"],
    ["2026-07-15T22:00:00.000Z", "Europe/Stockholm", "2026-07-16"],
    ["2026-12-31T23:30:00.000Z", "Europe/Stockholm", "2027-01-01"],
    ["2026-01-15T10:00:00.000Z", "Pacific/Kiritimati", "2026-01-16"],
    ["2026-01-15T10:59:00.000Z", "Pacific/Pago_Pago", "2026-01-14"],
  ])("%s in %s is %s", (moment, timeZone, day) => {
    expect(localDays(timeZone)(new Date(moment))).toBe(day);
  });

  it.each([
    ["2026-01-15", "Europe/Stockholm", "2026-01-14T23:00:00.000Z"],
    ["2026-07-15", "Europe/Stockholm", "2026-07-14T22:00:00.000Z"],
    ["2026-03-29", "Europe/Stockholm", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30", "Europe/Stockholm", "2026-03-29T22:00:00.000Z"],
    ["2026-10-25", "Europe/Stockholm", "2026-10-24T22:00:00.000Z"],
    ["2026-10-26", "Europe/Stockholm", "2026-10-25T23:00:00.000Z"],
    // Clocks went from midnight to one.
    ["2024-04-26", "Africa/Cairo", "2024-04-25T22:00:00.000Z"],
    ["2026-01-15", "Pacific/Kiritimati", "2026-01-14T10:00:00.000Z"],
    ["2026-01-15", "Pacific/Pago_Pago", "2026-01-15T11:00:00.000Z"],
  ])("%s in %s begins at %s", (day, timeZone, start) => {
    expect(startOfDay(day, timeZone).toISOString()).toBe(start);
  });

  it.each([
    ["2026-01-31", "2026-02-01"],
    ["2028-02-28", "2028-02-29"],
    ["2026-12-31", "2027-01-01"],
  ])("%s is followed by %s", (day, next) => {
    expect(nextDay(day)).toBe(next);
  });
});
