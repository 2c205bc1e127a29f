import { REVERSAL_AFTER } from "../../../seqr";
import type { ResolvedOptions } from "../../../options/seqr-options";

// Times of the engine that follow from SEQR's reversal: a payment that was not polled for REVERSAL_AFTER
// milliseconds is reversed. All are milliseconds.

/** After this time SEQR has surely reversed a payment whose status was not polled. */
export const SURELY_REVERSED = REVERSAL_AFTER + 10_000;
/** Polling interval while no payment page is open: several polls fit into the time before a reversal. */
export const POLL_INTERVAL = REVERSAL_AFTER / 4;
/** Polling interval while notifications arrive reliably: if one is lost, a poll still comes before the reversal. */
export const POLL_INTERVAL_WHEN_NOTIFIED = REVERSAL_AFTER / 2;
/** Time limit of the work behind a notification. After it the watch polls, because the process may have crashed. */
export const NOTIFICATION_PROCESSING_TIME = REVERSAL_AFTER / 4;
/** Time limit of a cart completion. After it SEQR is polled anyway, so that a slow completion causes no reversal. */
export const COMPLETION_TIME_LIMIT = REVERSAL_AFTER / 2;
/** Duration of a lease. When its owner crashes, another process still polls before the reversal. */
export const LEASE_DURATION = REVERSAL_AFTER / 2;

/** After this time the watch polls a reservation that is being committed: its process may have crashed before it polled. */
export const CAPTURE_TAKEN_OVER_AFTER = REVERSAL_AFTER / 2;

/** After this time an unanswered sendInvoice counts as failed: its process has crashed. */
export const SENDING_TIME_LIMIT = 60_000;
/** After this time an order that is being placed counts as left behind by a crashed process. */
export const ORDER_PLACING_TIME_LIMIT = 60_000;
/** The shortest time after which an unanswered refund counts as left behind by a crashed process. */
export const MIN_REFUND_TIME_LIMIT = 180_000;
const REFUND_MARGIN = 60_000;

/**
 * Milliseconds after which the process that asked SEQR for a refund must have crashed before it could record the outcome.
 * Covers two calls, because a refund of all that is left is repeated after a lost answer.
 */
export function refundTimeLimit({
  connectTimeout,
  responseTimeout,
}: Pick<ResolvedOptions, "connectTimeout" | "responseTimeout">): number {
  return Math.max(MIN_REFUND_TIME_LIMIT, 2 * (connectTimeout + responseTimeout) + REFUND_MARGIN);
}

/** Refunds and cancelled orders of Medusa are compared with the ledger for this long. */
export const RECONCILIATION_WINDOW = 3 * 24 * 3_600_000;
/**
 * A refund that Medusa has recorded and SEQR has not made is retried for this long. After that it is listed for staff; an
 * older one is never made automatically.
 */
export const REFUND_RETRY_WINDOW = 2 * 24 * 3_600_000;
