import { REVERSAL_AFTER } from "../../seqr";
import { after } from "./clock";
import type { InvoiceRecord } from "./ledger";
import type { ProblemCode } from "./problems";
import type { InvoiceState } from "./states";

/** Milliseconds between two looks at an open invoice while its payment page is open. */
const PAGE_OPEN = 1_000;
/** The same while nobody looks at the page: well inside the 20 seconds after which SEQR takes the money back. */
const PAGE_CLOSED = 5_000;
/** A page that asked within this time counts as open. */
const PAGE_FRESH = 5_000;
/** Milliseconds after which a send that has not been answered never will be. */
export const SENDING_PATIENCE = 60_000;

/**
 * States that pass by themselves, and the milliseconds after which something must have gone wrong. `sending`: the
 * process died before it could write SEQR's answer. `declined`: SEQR has surely reversed the payment by then.
 * `captured`: the process died while it was placing the order.
 */
const PATIENCE: Partial<Record<InvoiceState, number>> = {
  sending: SENDING_PATIENCE,
  declined: REVERSAL_AFTER + 10_000,
  captured: 60_000,
};

/** Why a return of money cannot be tried again by itself (PROTOCOL 4.8). */
const FOR_A_PERSON: ReadonlySet<string> = new Set<ProblemCode | `SEQR_${number}`>([
  "SEQR_97",
  "SEQR_99",
  "SEQR_REFUND_UNKNOWN",
]);

const MAX_BACK_OFF = 300_000;

/** When an invoice has to be looked at next; null when there is nothing left to do. */
export function nextDue(invoice: InvoiceRecord, now: Date): Date | null {
  switch (invoice.state) {
    case "open":
      return earlier(after(now, pause(invoice, now)), invoice.expires_at, now);
    case "sending":
    case "declined":
    case "captured":
      return isOverdue(invoice, now) ? after(now, backOff(invoice.attempts)) : patienceEnds(invoice);
    case "returning":
      return FOR_A_PERSON.has(invoice.problem ?? "") ? null : after(now, backOff(invoice.attempts));
    case "canceling":
    case "paid":
      return after(now, backOff(invoice.attempts));
    default:
      return null;
  }
}

/** Whether an invoice has been too long in a state that should have passed by itself. */
export function isOverdue(invoice: InvoiceRecord, now: Date): boolean {
  return patienceEnds(invoice) <= now;
}

function patienceEnds({ state, state_since }: InvoiceRecord): Date {
  return after(state_since, PATIENCE[state] ?? 0);
}

function pause(invoice: InvoiceRecord, now: Date): number {
  // While SEQR fails, ask as often as with the page closed: a payment made meanwhile must still be seen in time.
  const viewed = invoice.viewed_at !== null && now.getTime() - invoice.viewed_at.getTime() < PAGE_FRESH;
  return viewed && invoice.attempts === 0 ? PAGE_OPEN : PAGE_CLOSED;
}

/** 1 s, 2 s, 4 s … up to 5 minutes. */
function backOff(attempts: number): number {
  return Math.min(1_000 * 2 ** Math.min(attempts, 20), MAX_BACK_OFF);
}

/** The end of the lifetime, if it comes before the next look. */
function earlier(next: Date, end: Date, now: Date): Date {
  return end > now && end < next ? end : next;
}
