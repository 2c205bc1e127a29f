import { after } from "../clock";
import type { AdminSeqrFinding, AdminSeqrFindingCode } from "../http-types";
import type { Announcement } from "../modules/seqr/public";
import { finding } from "./finding-codes";

/** The latest payments of a terminal that are taken into account. */
export const LATEST_PAYMENTS = 100;
/** Milliseconds for which a payment's notification may still come. */
const STILL_COMING = 30_000;
/** Notifications count as arriving again when this many payments in a row were announced. */
const PAYMENTS_IN_A_ROW = 3;
/** Milliseconds of delay above which notifications are late: the median. */
const LATE = 5_000;

/**
 * The delay of a notification in milliseconds. What SEQR knows about the time of a payment has no certain time zone, so it is counted from when
 * the plugin learned of the payment: 0 when the notification came first.
 *
 * @returns null when the payment is not known to be paid
 */
export function delayOf(receivedAt: Date, paidAt: Date | null): number | null {
  return paidAt && Math.max(0, receivedAt.getTime() - paidAt.getTime());
}

/** Says whether SEQR announces a terminal's payments. @param latest newest first */
export function notificationFinding(latest: readonly Announcement[], now: Date): AdminSeqrFinding {
  const payments = latest.filter(
    ({ paid_at, notified_at }) => notified_at !== null || paid_at <= after(now, -STILL_COMING),
  );
  if (payments.length === 0) return finding("notifications_untested", { payments: 0 });
  const delays = payments
    .flatMap(({ paid_at, notified_at }) => (notified_at ? [delayOf(notified_at, paid_at) ?? 0] : []))
    .sort((one, other) => one - other);
  const values = {
    payments: payments.length,
    announced: delays.length,
    share: Math.floor((100 * delays.length) / payments.length),
    ...(delays.length > 0 && {
      median_delay: delays[Math.floor((delays.length - 1) / 2)] ?? 0,
      longest_delay: delays.at(-1) ?? 0,
    }),
  };
  return finding(codeOf(payments, values), values);
}

function codeOf(
  payments: readonly Announcement[],
  { announced, median_delay = 0 }: { announced: number; median_delay?: number },
): AdminSeqrFindingCode {
  if (announced === 0) return "notifications_missing";
  if (median_delay > LATE) return "notifications_late";
  if (announced === payments.length) return "notifications_arrive";
  const newest = payments.slice(0, PAYMENTS_IN_A_ROW);
  if (newest.every(({ notified_at }) => notified_at !== null)) return "notifications_arrive_again";
  return "notifications_incomplete";
}
