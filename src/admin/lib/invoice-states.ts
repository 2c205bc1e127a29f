import type { AdminSeqrPaymentRow } from "../../http-types";

/** The states of a payment in the order in which the filter offers them. */
const ORDERED: Record<AdminSeqrPaymentRow["state"], number> = {
  sending: 1,
  open: 2,
  canceling: 3,
  unacknowledged: 4,
  paid: 5,
  captured: 6,
  completed: 7,
  reserved: 8,
  authorized: 9,
  awaiting_capture: 10,
  capturing: 11,
  committed: 12,
  releasing: 13,
  lapsed: 14,
  refund_due: 15,
  refunding: 16,
  refunded: 17,
  closed_by_staff: 18,
  canceled: 19,
  expired: 20,
  failed: 21,
  not_issued: 22,
};

/** All states of a payment, as the filter offers them. */
export const INVOICE_STATES_SHOWN = (Object.keys(ORDERED) as AdminSeqrPaymentRow["state"][]).sort(
  (one, other) => ORDERED[one] - ORDERED[other],
);
