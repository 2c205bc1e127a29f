import { z } from "@medusajs/framework/zod";
import { nextDay, startOfDay } from "../../../books/local-day";
import type { PeriodFilter } from "../../../modules/seqr/public";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isDay = (text: string): boolean => DAY.test(text) && z.iso.date().safeParse(text).success;

/** A day, `2026-01-31`, or a moment with its distance from UTC. */
export const Moment = z
  .string()
  .max(40)
  .refine(
    (text) => isDay(text) || z.iso.datetime({ offset: true }).safeParse(text).success,
    "must be a day, such as 2026-01-31, or a time with its distance from UTC, such as 2026-01-31T12:00:00Z",
  );

/** The moment from which something is asked for: of a day, its beginning. */
export function spanFrom(text: string | undefined, timeZone: string): Date | undefined {
  if (text === undefined) return undefined;
  return isDay(text) ? startOfDay(text, timeZone) : new Date(text);
}

/** The moment before which something is asked for: of a day, its end. */
export function spanTo(text: string | undefined, timeZone: string): Date | undefined {
  return spanFrom(text !== undefined && isDay(text) ? nextDay(text) : text, timeZone);
}

/** The periods of which span are asked for. */
export function periodSpan(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  timeZone: string,
): Pick<PeriodFilter, "from" | "to" | "fromDay" | "toDay"> {
  return {
    ...{ from: spanFrom(from, timeZone), to: spanTo(to, timeZone) },
    ...(from !== undefined && isDay(from) && { fromDay: from }),
    ...(to !== undefined && isDay(to) && { toDay: to }),
  };
}
