import { REVERSAL_AFTER } from "../../seqr";
import { after } from "./clock";
import type { InvoiceRecord } from "./ledger";

/** Milliseconds between two looks at an open invoice while its payment page is open. */
const PAGE_OPEN = 1_000;
/** The same while nobody looks at the page: well inside the 20 seconds after which SEQR takes the money back. */
const PAGE_CLOSED = 5_000;
/** A page that asked within this time counts as open. */
const PAGE_FRESH = 5_000;
/** A declined payment is not read before SEQR has surely reversed it. */
const DECLINED_FOR = REVERSAL_AFTER + 10_000;
/** A send that did not finish within this time never will. */
const SENDING_FOR = 60_000;
/** A captured payment whose order has not appeared in this time is looked into. */
const CAPTURED_FOR = 60_000;

const MAX_BACK_OFF = 300_000;

/** When an invoice has to be looked at next; null when there is nothing left to do. */
export function nextDue(invoice: InvoiceRecord, now: Date): Date | null {
  switch (invoice.state) {
    case "sending":
      return after(invoice.created_at, SENDING_FOR);
    case "open":
      return earlier(after(now, pause(invoice, now)), invoice.expires_at, now);
    case "declined": {
      const reversed = after(invoice.notified_at ?? now, DECLINED_FOR);
      return reversed > now ? reversed : after(now, backOff(invoice.attempts));
    }
    case "captured":
      return after(now, CAPTURED_FOR);
    case "canceling":
    case "paid":
    case "returning":
      return after(now, backOff(invoice.attempts));
    default:
      return null;
  }
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
