import { REVERSAL_AFTER, type CustomerToken } from "../../seqr";

/** Emulated version of SEQR's interface (PROTOCOL 1.5). */
export type InterfaceVersion = "2.4" | "2.9" | "2.10";

/** Content of the notification's body. It is not known for certain what the live service sent (PROTOCOL 5.1). */
export type NotificationBody = "form" | "four-field" | "empty";

/** Statuses that can be notified. CANCELED means: cancelled in the app. */
export const NOTIFIED_STATUSES = ["PAID", "CANCELED", "RESERVED", "FAILED", "EXPIRED"] as const;

/** Behaviour that SEQR's documents leave open (PROTOCOL 14), and durations. */
export interface Settings {
  /** Whether requests must follow every documented rule, as in certification. Default: false. */
  strict: boolean;
  /** Default: 2.10. */
  emulate: InterfaceVersion;
  /** Start of the text in an invoice's QR code. Default: `HTTP://SEQR.SE`. */
  qrHost: string;
  /** Milliseconds after which an unacknowledged payment is reversed. Default: 20 000. */
  reversalAfter: number;
  /** Milliseconds after which an unpaid invoice expires. Default: never. */
  expireAfter: number;
  /** Milliseconds until a reservation lapses, if its invoice does not specify it. Default: never. */
  commitTimeout: number;
  /** Whether a reservation may be committed with more than was reserved. Default: false, code 11. */
  commitAboveReservation: boolean;
  /** Whether the shopper's account can reserve money at all. Default: true. */
  reservations: boolean;
  /** Result code of an updateInvoice that comes too late. Default: 90. */
  lateUpdateCode: 48 | 90;
  /** Whether refunds are possible; otherwise code 97 or 99. Default: allowed. */
  refunds: "allowed" | "forbidden-to-shop" | "forbidden-by-account";
  /** Whether detailed reports list refunds, as amounts below zero. Default: false. */
  refundRows: boolean;
  /** Whether summaries have separate fields for refunds. Default: false. */
  refundTotals: boolean;
  /** Milliseconds from marking a period until its reports are ready. Default: 3000. */
  reportReadyAfter: number;
  /** Lifetime of a client session in milliseconds. Default: one hour. */
  sessionLifetime: number;
  notification: {
    /** Default: form. */
    body: NotificationBody;
    /** Statuses that are notified. Default: PAID. */
    on: readonly (typeof NOTIFIED_STATUSES)[number][];
  };
  /** Identity of the shopper in receipts, and the loyalty cards in the app. */
  shopper: { msisdn: string; subscriberKey: string; tokens: readonly CustomerToken[] };
}

export const DEFAULT_SETTINGS: Settings = {
  strict: false,
  emulate: "2.10",
  qrHost: "HTTP://SEQR.SE",
  reversalAfter: REVERSAL_AFTER,
  expireAfter: Infinity,
  commitTimeout: Infinity,
  commitAboveReservation: false,
  reservations: true,
  lateUpdateCode: 90,
  refunds: "allowed",
  refundRows: false,
  refundTotals: false,
  reportReadyAfter: 3_000,
  sessionLifetime: 3_600_000,
  notification: { body: "form", on: ["PAID"] },
  shopper: { msisdn: "46700000001", subscriberKey: "1", tokens: [] },
};
