import { PERMANENT_REFUND_ERRORS } from "../attention/attention-rules";
import { after } from "../../../clock";
import type { InvoiceRecord } from "../ledger/ledger";
import { STATE_TABLE } from "./state-table";
import { isOfReservation, type StateOfReservation } from "./states";
import { POLL_INTERVAL, POLL_INTERVAL_WHEN_NOTIFIED, SURELY_REVERSED } from "./time-limits";

/** Polling interval (ms) while the payment page is open. */
const POLL_INTERVAL_WHILE_VIEWED = 1_000;
/** With it SEQR refuses a terminal's password, whatever the call is about. */
export const PASSWORD_REFUSED = "SEQR_20";
/** Interval (ms) after SEQR refused the password of the server that polled, or cancelled: another server may have the right one. */
const POLL_INTERVAL_FOR_OTHERS = 1_000;
/** A payment page that asked for the status within this time (ms) counts as open. */
const VIEW_LASTS = 5_000;

/** Milliseconds after which an invoice that ended without its money is checked once more for an unpaid order. */
const ABANDONED_ORDER_CHECK_AFTER = 60_000;

const MAX_BACK_OFF = 300_000;
/**
 * Back-off (ms) while the plugin ends an invoice that the shopper may still pay, and the number of attempts after which the
 * failure counts as permanent: some minutes. From then on the back-off doubles again, up to an hour.
 */
const MAX_BACK_OFF_ENDING = 15_000;
const ENDING_ATTEMPTS = 20;
const MAX_BACK_OFF_STUCK = 3_600_000;

/**
 * Computes when the watch has to process an invoice next; null when nothing more happens automatically.
 *
 * @param notified whether SEQR's notifications arrive reliably
 */
export function nextDue(invoice: InvoiceRecord, now: Date, notified = false): Date | null {
  const { state } = invoice;
  if (isOfReservation(state)) return nextDueOfReservation(invoice, state, now);
  switch (state) {
    case "open":
      // The shopper may be paying at this moment, and the payment must be polled before its reversal.
      if (invoice.expires_at <= now) return after(now, endingBackOff(invoice, POLL_INTERVAL));
      return earlier(nextPoll(invoice, now, pollInterval(invoice, now, notified)), invoice.expires_at);
    case "sending":
    case "unacknowledged":
    case "captured":
      return isOverdue(invoice, now) ? after(now, backOff(invoice.attempts)) : timeLimitOf(invoice);
    case "refund_due":
    case "refunding":
      return requiresManualAction(invoice) ? null : after(now, backOff(invoice.attempts));
    case "canceling":
      return after(now, endingBackOff(invoice, MAX_BACK_OFF_ENDING));
    case "paid":
      return after(now, backOff(invoice.attempts));
    case "canceled":
    case "expired":
    case "failed":
      return lateNotificationDue(invoice, now) ?? abandonedOrderCheckDue(invoice, now);
    case "refunded":
    case "not_issued":
      return abandonedOrderCheckDue(invoice, now);
    case "completed":
      // Only where core did not finish the order in time, and may still do something with it.
      return invoice.attempts > 0 ? after(now, backOff(invoice.attempts)) : null;
    case "closed_by_staff":
      return null;
  }
}

function nextDueOfReservation(invoice: InvoiceRecord, state: StateOfReservation, now: Date): Date | null {
  const { attempts } = invoice;
  switch (state) {
    case "authorized":
    case "committed":
      return isOverdue(invoice, now) ? after(now, backOff(attempts)) : timeLimitOf(invoice);
    case "reserved":
    case "capturing":
      return after(now, backOff(attempts));
    case "awaiting_capture":
      return nextDueOfUncaptured(invoice, now);
    case "releasing":
      return after(now, endingBackOff(invoice, MAX_BACK_OFF_ENDING));
    case "lapsed":
      // Until its payment in Medusa is cancelled.
      return attempts > 0 ? after(now, backOff(attempts)) : null;
  }
}

/** The longest time (ms) before the end of a reservation at which staff are warned. */
const MAX_WARNING_TIME = 24 * 3_600_000;

/** From when on a reservation counts as lapsing soon: the last quarter of its time, at most a day. */
export function lapsesSoonFrom({ reserved_until, reservation_time }: InvoiceRecord): Date | null {
  const quarter = ((reservation_time ?? 0) * 1_000) / 4;
  return reserved_until && after(reserved_until, -Math.min(quarter, MAX_WARNING_TIME));
}

/** Whether a reservation waits for the plugin to capture it, and not for staff. */
export function isCapturedByPlugin({ state, reason }: Pick<InvoiceRecord, "state" | "reason">): boolean {
  return state === "awaiting_capture" && (reason === "order_changed" || reason === "lapses_soon");
}

/** Milliseconds after which the reservation of a new order is polled once more. */
const RESERVATION_RECHECK_AFTER = 60_000;

/**
 * When to attend once more to the reservation of a new order; null when that was done. SEQR also cancels what is reserved, so a
 * cancellation that was sent before the shopper confirmed, and arrives late, ends the reservation without an answer. And the order
 * may have been placed so late that the reservation lapses soon.
 */
export function recheckDue({ state_since, observed_at, reserved_until }: InvoiceRecord): Date | null {
  const left = reserved_until ? reserved_until.getTime() - state_since.getTime() : Infinity;
  const recheck = after(state_since, Math.min(RESERVATION_RECHECK_AFTER, Math.max(left, 0) / 2));
  return observed_at !== null && observed_at >= recheck ? null : recheck;
}

/** When to capture a reservation, to list that it lapses soon, or to poll whether it has lapsed. */
function nextDueOfUncaptured(invoice: InvoiceRecord, now: Date): Date | null {
  const { reserved_until: end, attempts } = invoice;
  if (end === null) return null;
  // When SEQR keeps it for longer than it has to, it is polled ever more rarely.
  if (end <= now)
    return after(now, Math.min(Math.max((now.getTime() - end.getTime()) / 2, 1_000), MAX_BACK_OFF_STUCK));
  if (attempts > 0 || isCapturedByPlugin(invoice)) return earlier(after(now, backOff(attempts)), end);
  const warning = lapsesSoonFrom(invoice);
  const next = warning && warning > now ? warning : end;
  const recheck = recheckDue(invoice);
  if (recheck === null) return next;
  return recheck > now ? earlier(recheck, next) : after(now, backOff(attempts));
}

/** Whether SEQR refused a refund for a reason that only staff can clear with SEQR. */
export function requiresManualAction({ problem }: Pick<InvoiceRecord, "problem">): boolean {
  return problem !== null && PERMANENT_REFUND_ERRORS.includes(problem);
}

/**
 * When to poll an ended invoice of which a notification arrived: only after the reversal window, because an earlier poll
 * would acknowledge the payment.
 */
function lateNotificationDue(invoice: InvoiceRecord, now: Date): Date | null {
  if (!isNotifiedAfterEnd(invoice)) return null;
  const reversed = after(invoice.notified_at ?? now, SURELY_REVERSED);
  return reversed > now ? reversed : after(now, backOff(invoice.attempts));
}

/** Whether a notification arrived after the invoice had ended, and SEQR was not polled since. */
export function isNotifiedAfterEnd({ notified_at, observed_at, state_since }: InvoiceRecord): boolean {
  return (
    notified_at !== null && notified_at > state_since && (observed_at === null || observed_at < notified_at)
  );
}

/** When to check for an order that a crashed process has left unpaid: once, and again while the check fails. */
function abandonedOrderCheckDue({ state_since, attempts }: InvoiceRecord, now: Date): Date | null {
  const first = after(state_since, ABANDONED_ORDER_CHECK_AFTER);
  if (first > now) return first;
  return attempts > 0 ? after(now, backOff(attempts)) : null;
}

/** Whether the check for an abandoned order is due. Before that, core may still be placing the order. */
export function isAbandonedOrderCheckDue({ state_since }: InvoiceRecord, now: Date): boolean {
  return after(state_since, ABANDONED_ORDER_CHECK_AFTER) <= now;
}

/** Whether an invoice has been in its state for longer than the state's time limit. */
export function isOverdue(invoice: InvoiceRecord, now: Date): boolean {
  return timeLimitOf(invoice) <= now;
}

function timeLimitOf({ state, state_since }: InvoiceRecord): Date {
  return after(state_since, STATE_TABLE[state].timeLimit ?? 0);
}

/**
 * When to poll an open invoice, counted from the latest answer: work on it that ended without a poll does not delay the next one. Between
 * a second from now, and the interval.
 */
function nextPoll({ observed_at, state_since, attempts }: InvoiceRecord, now: Date, interval: number): Date {
  const latest = after(now, interval);
  if (attempts > 0) return latest;
  const soonest = after(now, Math.min(interval, POLL_INTERVAL_WHILE_VIEWED));
  const due = earlier(after(observed_at ?? state_since, interval), latest);
  return due < soonest ? soonest : due;
}

function pollInterval(invoice: InvoiceRecord, now: Date, notified: boolean): number {
  // Another server may have the right password, and polls at once; this one leaves the terminal alone for a while.
  if (invoice.problem === PASSWORD_REFUSED) return POLL_INTERVAL_FOR_OTHERS;
  // While SEQR fails, the open page does not shorten the interval; a payment must still be polled before its reversal.
  if (invoice.attempts > 0) return POLL_INTERVAL;
  const viewed = invoice.viewed_at !== null && now.getTime() - invoice.viewed_at.getTime() < VIEW_LASTS;
  return viewed || notified ? intervalWhileViewed(notified) : POLL_INTERVAL;
}

/**
 * Polling interval (ms) of an open invoice while its payment page is open.
 *
 * @param notified whether SEQR's notifications arrive reliably
 */
export function intervalWhileViewed(notified: boolean): number {
  return notified ? POLL_INTERVAL_WHEN_NOTIFIED : POLL_INTERVAL_WHILE_VIEWED;
}

/** Exponential back-off: 1 s, 2 s, 4 s … up to 5 minutes. */
function backOff(attempts: number): number {
  return Math.min(1_000 * 2 ** attempts, MAX_BACK_OFF);
}

/**
 * Exponential back-off up to a limit; after ENDING_ATTEMPTS up to an hour.
 *
 * @param limit milliseconds
 */
function endingBackOff({ attempts, problem }: InvoiceRecord, limit: number): number {
  const stuck = attempts - ENDING_ATTEMPTS;
  if (stuck <= 0)
    return problem === PASSWORD_REFUSED ? POLL_INTERVAL_FOR_OTHERS : Math.min(backOff(attempts), limit);
  return Math.min(MAX_BACK_OFF_ENDING * 2 ** stuck, MAX_BACK_OFF_STUCK);
}

function earlier(next: Date, end: Date): Date {
  return end < next ? end : next;
}
