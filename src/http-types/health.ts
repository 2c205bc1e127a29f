import type { InvoiceState } from "../modules/seqr/invoice/states";
import type { Page } from "./page";

/** How well something is: `unknown` when that cannot be known. */
export type AdminSeqrHealthLevel = "ok" | "warning" | "error" | "unknown";

/** Everything that can be found. docs/health.md says of each the cause and the cure. */
export type AdminSeqrFindingCode =
  | "answers"
  | "answers_slowly"
  | "answers_busy"
  | "answers_wrongly"
  | "no_answer"
  | "unreachable"
  | "credentials_accepted"
  | "credentials_unknown"
  | "password_refused"
  | "access_denied"
  | "terminal_unknown"
  | "terminal_blocked"
  | "certificate_valid"
  | "certificate_expires"
  | "certificate_refused"
  | "clock_right"
  | "clock_wrong"
  | "notifications_arrive"
  | "notifications_arrive_again"
  | "notifications_incomplete"
  | "notifications_late"
  | "notifications_missing"
  | "notifications_untested"
  | "watch_alive"
  | "watch_dead"
  | "locking_shared"
  | "locking_in_memory"
  | "locking_in_memory_on_several_servers"
  | "locking_unknown"
  | "events_shared"
  | "events_in_memory"
  | "events_in_memory_on_several_servers"
  | "events_unknown"
  | "backend_url_public"
  | "backend_url_for_sandbox"
  | "backend_url_not_public"
  | "backend_url_not_https"
  | "backend_url_reached"
  | "backend_url_elsewhere"
  | "backend_url_unreachable"
  | "strangers_none"
  | "strangers"
  | "mode_live"
  | "mode_sandbox"
  | "mode_mixed";

/** One thing that was checked. */
export interface AdminSeqrFinding {
  /**
   * What it is about. Of a terminal: `answers`, `credentials`, `certificate`, `clock`, `notifications`. Of the store: `mode`, `watch`,
   * `locking`, `events`, `backend_url`, `backend_url_reached`, `strangers`.
   */
  check: string;
  level: AdminSeqrHealthLevel;
  /** Names what was found; the texts of the admin and of docs/health.md go by it. */
  code: AdminSeqrFindingCode;
  /** What was measured: milliseconds, days, counts, names. Never a secret. */
  values: Record<string, string | number>;
}

/** How a terminal is connected. */
export interface AdminSeqrTerminalHealth {
  /** Its name. */
  terminal: string;
  terminal_id: string;
  /** Host of SEQR's service, with its port if that is not the usual one. */
  endpoint: string;
  /** Whether it is the sandbox: no money is moved. */
  is_sandbox: boolean;
  retired: boolean;
  level: AdminSeqrHealthLevel;
  findings: AdminSeqrFinding[];
}

/** A server of the store that watches payments. One that only answers requests is not listed. */
export interface AdminSeqrServer {
  id: string;
  started_at: string;
  /** When its watch last swept, to within 15 seconds. */
  swept_at: string;
}

/** `GET /admin/seqr/health` */
export interface AdminSeqrHealth {
  level: AdminSeqrHealthLevel;
  /** When SEQR answered, or did not; it is asked again after ten seconds at the earliest. */
  checked_at: string;
  findings: AdminSeqrFinding[];
  terminals: AdminSeqrTerminalHealth[];
  servers: AdminSeqrServer[];
}

/**
 * What became of a notification: `recorded` for its payment; `repeated`, because an earlier one had announced the payment;
 * `unknown`, because no payment has its address.
 */
export type AdminSeqrNotificationResult = "recorded" | "repeated" | "unknown";

/** A request to the plugin's address for SEQR's notifications. */
export interface AdminSeqrNotification {
  id: string;
  received_at: string;
  result: AdminSeqrNotificationResult;
  /** How many requests it stands for: more than 1 only when it is unknown, since a flood of those is counted and not listed. */
  requests: number;
  /** The payment; null when it is unknown. */
  invoice_id: string | null;
  terminal: string | null;
  invoice_reference: string | null;
  order_id: string | null;
  order_display_id: number | null;
  /**
   * Milliseconds from the moment at which the plugin learned of the payment: 0 when the notification came first. Null when the payment
   * is not known to be paid, and when the notification is repeated or unknown.
   */
  delay: number | null;
  /** When, and by which member of staff, its payment was last processed again. */
  replayed_at: string | null;
  replayed_by: string | null;
}

/** `POST /admin/seqr/notifications/:id/replay`: how its payment stands after it was processed again. */
export interface AdminSeqrNotificationReplayed {
  notification: AdminSeqrNotification;
  payment: {
    invoice_id: string;
    state: InvoiceState;
    /** Code of the error that stands in the way; see docs/errors.md. */
    problem: string | null;
    order_id: string | null;
  };
}

/** Query of `GET /admin/seqr/notifications`: newest first. */
export interface AdminSeqrNotificationListParams {
  limit?: number;
  offset?: number;
  result?: AdminSeqrNotificationResult | AdminSeqrNotificationResult[];
  /** Name of a terminal. */
  terminal?: string | string[];
  invoice_id?: string;
  /** Received from this moment on, and before that one; or from the first of these days to the second, `2026-01-31`. */
  from?: string;
  to?: string;
}

/** `GET /admin/seqr/notifications`. `count` is at most 1000: `has_more` says whether there are more than on this page. */
export interface AdminSeqrNotificationList extends Page {
  notifications: AdminSeqrNotification[];
  has_more: boolean;
}

/** An option of the plugin as it is in force. */
export interface AdminSeqrSetting {
  /** Name of the option: `lifetime`, `periods.closeAt`. */
  name: string;
  /** As text; null when it is not set. Of a secret only whether it is set: `"set"`. */
  value: string | null;
  is_secret: boolean;
  /** Where it comes from: set for the terminal, set for all, or the default. */
  source: "terminal" | "options" | "default";
}

/** `GET /admin/seqr/settings` */
export interface AdminSeqrSettings {
  /** Version of the plugin. */
  version: string;
  /** What is the same for all terminals. */
  settings: AdminSeqrSetting[];
  terminals: { terminal: string; settings: AdminSeqrSetting[] }[];
}
