import { REVERSAL_AFTER } from "../../seqr";
import { FOR_A_PERSON } from "./attention-rules";
import { after } from "./clock";
import type { InvoiceRecord } from "./ledger";
import type { ResolvedOptions } from "./options";
import type { InvoiceState } from "./states";

/** Milliseconds between two looks at an open invoice while its payment page is open. */
const PAGE_OPEN = 1_000;
/** The same while nobody looks at the page: well inside the 20 seconds after which SEQR takes the money back. */
const PAGE_CLOSED = 5_000;
/** The same while notifications are known to arrive: twice within the 20 seconds, should one be lost all the same. */
const NOTIFIED = 10_000;
/** A page that asked within this time counts as open. */
const PAGE_FRESH = 5_000;
/** Milliseconds that the settlement behind a notification has before the watch looks: its process may have died. */
export const NOTIFICATION_SETTLES = 5_000;
/** Milliseconds after which a send that has not been answered never will be. */
export const SENDING_PATIENCE = 60_000;

/** The least of `refundAbandoned`. */
const REFUND_ABANDONED = 180_000;
const MARGIN = 60_000;

/**
 * Milliseconds after which the process that asked for a refund must have died before it could write the outcome: a refund
 * of all that is left is asked for twice.
 */
export function refundAbandoned({
  connectTimeout,
  responseTimeout,
}: Pick<ResolvedOptions, "connectTimeout" | "responseTimeout">): number {
  return Math.max(REFUND_ABANDONED, 2 * (connectTimeout + responseTimeout) + MARGIN);
}

/** Milliseconds for which Medusa's refunds and cancelled orders are compared with the ledger. */
export const LOOKED_OVER = 3 * 24 * 3_600_000;
/**
 * Milliseconds for which a refund in Medusa's books that SEQR has not made is made by itself. After that a person is told,
 * while it is still looked for: what is listed is not made by itself any more.
 */
export const TRIED_FOR = 2 * 24 * 3_600_000;

/** Milliseconds after which SEQR has surely reversed a payment that nobody has read. */
const REVERSED = REVERSAL_AFTER + 10_000;

/**
 * States that pass by themselves, and the milliseconds after which something must have gone wrong. `sending`: the
 * process died before it could write SEQR's answer. `declined`: SEQR has reversed the payment. `captured`: the process
 * died while it was placing the order. `owed`, `returning`: no refund that Medusa had begun before is still on its way.
 */
const PATIENCE: Partial<Record<InvoiceState, number>> = {
  sending: SENDING_PATIENCE,
  declined: REVERSED,
  captured: 60_000,
  owed: REFUND_ABANDONED,
  returning: REFUND_ABANDONED,
};

/** Milliseconds after which an invoice that ended without its money is looked over once more. */
const FOLLOW_UP = 60_000;

const MAX_BACK_OFF = 300_000;
/**
 * Milliseconds between two tries to end an invoice that somebody may still pay, and the number of tries after which it is
 * no passing failure any more: some minutes. From then on the pauses double again.
 */
const MAX_BACK_OFF_ENDING = 15_000;
const ENDING_TRIES = 20;
const MAX_BACK_OFF_STUCK = 3_600_000;

/**
 * When an invoice has to be looked at next; null when there is nothing left to do by itself.
 *
 * @param notified whether SEQR's notifications are known to arrive
 */
export function nextDue(invoice: InvoiceRecord, now: Date, notified = false): Date | null {
  switch (invoice.state) {
    case "open":
      // Somebody may still be paying, and that must be seen in time.
      if (invoice.expires_at <= now) return after(now, endingPause(invoice.attempts, PAGE_CLOSED));
      return earlier(after(now, pause(invoice, now, notified)), invoice.expires_at);
    case "sending":
    case "declined":
    case "captured":
      return isOverdue(invoice, now) ? after(now, backOff(invoice.attempts)) : patienceEnds(invoice);
    case "owed":
    case "returning":
      return needsPerson(invoice) ? null : after(now, backOff(invoice.attempts));
    case "canceling":
      return after(now, endingPause(invoice.attempts, MAX_BACK_OFF_ENDING));
    case "paid":
      return after(now, backOff(invoice.attempts));
    case "canceled":
    case "expired":
    case "failed":
      return lateLook(invoice, now) ?? followUp(invoice, now);
    case "returned":
    case "void":
      return followUp(invoice, now);
    case "settled":
      // Only where the plugin has entered the capture in its order's books, and core may still come.
      return invoice.attempts > 0 ? after(now, backOff(invoice.attempts)) : null;
    default:
      return null;
  }
}

/** Whether money that is to go back has met an obstacle that only a person can clear. */
export function needsPerson({ problem }: Pick<InvoiceRecord, "problem">): boolean {
  return problem !== null && FOR_A_PERSON.includes(problem);
}

/** Something was announced of an invoice that had ended: when SEQR has surely reversed what nobody read, it is read. */
function lateLook(invoice: InvoiceRecord, now: Date): Date | null {
  if (!isAnnouncedLate(invoice)) return null;
  const reversed = after(invoice.notified_at ?? now, REVERSED);
  return reversed > now ? reversed : after(now, backOff(invoice.attempts));
}

/** Whether something was announced of an invoice after it had ended, and SEQR was not asked since. */
export function isAnnouncedLate({ notified_at, observed_at, state_since }: InvoiceRecord): boolean {
  return (
    notified_at !== null && notified_at > state_since && (observed_at === null || observed_at < notified_at)
  );
}

/** It is looked once whether a process that died has left an order behind; again while that fails. */
function followUp({ state_since, attempts }: InvoiceRecord, now: Date): Date | null {
  const first = after(state_since, FOLLOW_UP);
  if (first > now) return first;
  return attempts > 0 ? after(now, backOff(attempts)) : null;
}

/** Whether the time for that look has come: after it nobody is told to come again. */
export function isFollowedUp({ state_since }: InvoiceRecord, now: Date): boolean {
  return after(state_since, FOLLOW_UP) <= now;
}

/** Whether an invoice has been too long in a state that should have passed by itself. */
export function isOverdue(invoice: InvoiceRecord, now: Date): boolean {
  return patienceEnds(invoice) <= now;
}

function patienceEnds({ state, state_since }: InvoiceRecord): Date {
  return after(state_since, PATIENCE[state] ?? 0);
}

function pause(invoice: InvoiceRecord, now: Date, notified: boolean): number {
  // While SEQR fails, ask as often as with the page closed: a payment made meanwhile must still be seen in time.
  if (invoice.attempts > 0) return PAGE_CLOSED;
  const viewed = invoice.viewed_at !== null && now.getTime() - invoice.viewed_at.getTime() < PAGE_FRESH;
  return viewed || notified ? lookWhileViewed(notified) : PAGE_CLOSED;
}

/**
 * Milliseconds between two looks at an open invoice whose payment page is open.
 *
 * @param notified whether SEQR's notifications are known to arrive
 */
export function lookWhileViewed(notified: boolean): number {
  return notified ? NOTIFIED : PAGE_OPEN;
}

/** 1 s, 2 s, 4 s … up to 5 minutes. */
function backOff(attempts: number): number {
  return Math.min(1_000 * 2 ** attempts, MAX_BACK_OFF);
}

/**
 * 1 s, 2 s, 4 s … up to a limit; when that has not helped for long, up to an hour.
 *
 * @param limit milliseconds
 */
function endingPause(attempts: number, limit: number): number {
  const stuck = attempts - ENDING_TRIES;
  if (stuck <= 0) return Math.min(backOff(attempts), limit);
  return Math.min(MAX_BACK_OFF_ENDING * 2 ** stuck, MAX_BACK_OFF_STUCK);
}

function earlier(next: Date, end: Date): Date {
  return end < next ? end : next;
}
