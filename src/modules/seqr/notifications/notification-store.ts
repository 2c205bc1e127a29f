import type { NotificationResult } from "./notification-results";

/** A request to the address for notifications that is about to be recorded. */
export interface NewNotification {
  received_at: Date;
  result: NotificationResult;
  /** Null when it is unknown. */
  invoice_id: string | null;
  terminal: string | null;
  /** How many requests the row stands for. */
  requests: number;
}

/** One row of the table of notifications, with what the ledger says of its payment. */
export interface NotificationRecord extends NewNotification {
  id: string;
  replayed_at: Date | null;
  replayed_by: string | null;
  invoice_reference: string | null;
  order_id: string | null;
  /** When the plugin learned of the payment. */
  paid_at: Date | null;
}

/** Which notifications are listed. What is left out, does not matter. */
export interface NotificationFilter {
  result?: readonly NotificationResult[] | undefined;
  terminal?: readonly string[] | undefined;
  invoice_id?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** A part of a list, newest first. */
export interface NotificationPage {
  records: NotificationRecord[];
  /** How many there are, of those that were counted: at most `most`. */
  count: number;
  has_more: boolean;
}

/** Whether and when a payment was announced. */
export interface Announcement {
  paid_at: Date;
  notified_at: Date | null;
}

/** Stores requests to the address for notifications. */
export interface NotificationStore {
  /** Records requests, in one statement. */
  insert(notifications: readonly NewNotification[]): Promise<void>;
  find(id: string): Promise<NotificationRecord | undefined>;
  /**
   * Lists notifications, newest first. It reads as many rows as are counted, however many there are.
   *
   * @param page.most how many are counted
   */
  list(
    filter: NotificationFilter,
    page: { limit: number; offset: number; most: number },
  ): Promise<NotificationPage>;
  /** Records who had the payment of a notification processed again. */
  recordReplay(id: string, actorId: string, at: Date): Promise<void>;
  /** How many requests with an unknown token there were since a moment. */
  countStrangers(since: Date): Promise<number>;
  /** The newest payments of each terminal that were charged at once, newest first: of so many, whatever became of them. */
  announcements(terminals: readonly string[], limit: number): Promise<Map<string, Announcement[]>>;
  /** Deletes some of what was received before a moment: at most so many of each result. */
  deleteBefore(before: Date, limit: number): Promise<void>;
}
