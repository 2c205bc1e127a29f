import type { ErrorCode } from "../errors/error-codes";
import { oneLine } from "../errors/one-line";
import type { BooksContext, Scope } from "../modules/seqr/public";
import { closePeriod } from "./close-period";
import { dayToClose, nextTryAfter } from "./closing-day";
import { codeOf } from "./error-code";

/** A day before all others. */
const NEVER = "";

const CLOSING: ErrorCode = "SEQR_PERIOD_CLOSING";

/**
 * Closes what the schedule has to close now: each scope once a day. It may run in several processes at once; one of them closes a
 * scope.
 */
export async function closeDuePeriods(context: BooksContext): Promise<void> {
  const { schedule, accounts, logger } = context;
  if (!schedule) return;
  for (const scope of accounts.scopes(schedule.scope)) {
    try {
      const closingDay = await dueDayOf(context, scope);
      if (closingDay !== undefined) await closePeriod(context, scope, { actorId: null, closingDay });
    } catch (error) {
      // Another server closes it.
      if (codeOf(error) === CLOSING) continue;
      logger.warn(`seqr: the period of ${nameOf(scope)} was not closed: ${oneLine(error)}`);
    }
  }
}

async function dueDayOf(
  { periods, schedule, clock }: BooksContext,
  { key }: Scope,
): Promise<string | undefined> {
  if (!schedule) return undefined;
  const lastDay = await periods.lastClosingDay(key);
  const day = dayToClose(clock.now(), schedule, lastDay ?? NEVER);
  if (day === undefined) return undefined;
  const { count, last } = await periods.refusedTries(key, day);
  // The first day of all may be one before the store closed any, unless SEQR has refused it.
  if (count === 0 && dayToClose(clock.now(), schedule, lastDay) === undefined) return undefined;
  return last && nextTryAfter(last, count) > clock.now() ? undefined : day;
}

function nameOf({ account, terminal }: Scope): string {
  return terminal ? `terminal ${terminal.name}` : `the shop ${account.resellerId}`;
}
