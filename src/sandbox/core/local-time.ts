/** SEQR's clocks show Central European time (PROTOCOL 11): UTC+1, and UTC+2 in summer. */

const HOUR = 3_600_000;

/** A time as SEQR writes it. */
export interface LocalTime {
  /** `yyyyMMddHHmmssSSS`, the start of every ersReference (PROTOCOL 3.11). */
  digits: string;
  /** `2015-10-29T10:18:48.663+01:00` */
  dateTime: string;
  /** `yyyy-MM-dd HH:mm` */
  minute: string;
}

/** @param at milliseconds since 1970 */
export function localTime(at: number): LocalTime {
  const hours = isSummer(at) ? 2 : 1;
  const iso = new Date(at + hours * HOUR).toISOString().slice(0, -1);
  return {
    digits: iso.replace(/\D/g, ""),
    dateTime: `${iso}+0${hours}:00`,
    minute: iso.slice(0, 16).replace("T", " "),
  };
}

/** Summer time runs from the last Sunday of March to the last Sunday of October, changing at 01:00 UTC. */
function isSummer(at: number): boolean {
  const year = new Date(at).getUTCFullYear();
  return at >= lastSunday(year, 2) && at < lastSunday(year, 9);
}

function lastSunday(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0, 1));
  return lastDay.getTime() - lastDay.getUTCDay() * 24 * HOUR;
}
