import type { Page } from "./page";

/** How well something is: `unknown` when that cannot be known. */
export type AdminSeqrHealthLevel = "ok" | "warning" | "error" | "unknown";

/** One thing that was checked. */
export interface AdminSeqrFinding {
  /** What it is about: `answers`, `credentials`, `certificate`, `clock`, `notifications`, `watch`, `locking`, `events`, `backend_url`, … */
  check: string;
  level: AdminSeqrHealthLevel;
  /** A code that names what was found, such as `password_refused`; the texts of the admin and of docs/health.md go by it. */
  code: string;
  /** What was measured: milliseconds, days, counts, names. Never a secret. */
  values: Record<string, string | number>;
}

/** How a terminal is connected. */
export interface AdminSeqrTerminalHealth {
  /** Its name. */
  terminal: string;
  terminal_id: string;
  /** Host of SEQR's service. */
  endpoint: string;
  /** Whether it is the sandbox: no money is moved. */
  is_sandbox: boolean;
  retired: boolean;
  level: AdminSeqrHealthLevel;
  findings: AdminSeqrFinding[];
}

/** A server of the store that works on payments. */
export interface AdminSeqrServer {
  id: string;
  started_at: string;
  /** When its watch last swept. */
  swept_at: string | null;
}

/** `GET /admin/seqr/health` */
export interface AdminSeqrHealth {
  level: AdminSeqrHealthLevel;
  /** When SEQR was asked; it is asked again after some seconds at the earliest. */
  checked_at: string;
  findings: AdminSeqrFinding[];
  terminals: AdminSeqrTerminalHealth[];
  servers: AdminSeqrServer[];
}

/** What became of a notification. */
export type AdminSeqrNotificationResult = "recorded" | "repeated" | "unknown";

/** A request to the plugin's address for SEQR's notifications. */
export interface AdminSeqrNotification {
  id: string;
  received_at: string;
  /** `unknown`: no payment has its address. */
  result: AdminSeqrNotificationResult;
  /** The payment; null when it is unknown. */
  invoice_id: string | null;
  terminal: string | null;
  invoice_reference: string | null;
  order_id: string | null;
  order_display_id: number | null;
  /** Milliseconds from SEQR's payment, as far as it is known, to the notification. */
  delay: number | null;
}

/** Query of `GET /admin/seqr/notifications`: newest first. */
export interface AdminSeqrNotificationListParams {
  limit?: number;
  offset?: number;
  result?: AdminSeqrNotificationResult | AdminSeqrNotificationResult[];
  terminal?: string | string[];
  invoice_id?: string;
  from?: string;
  to?: string;
}

/** `GET /admin/seqr/notifications` */
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
