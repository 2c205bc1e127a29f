/**
 * What became of a request to the address for notifications: `recorded` for its payment; `repeated`, because an earlier one had
 * announced the payment; `unknown`, because no payment has its address.
 */
export const NOTIFICATION_RESULTS = ["recorded", "repeated", "unknown"] as const;

export type NotificationResult = (typeof NOTIFICATION_RESULTS)[number];
