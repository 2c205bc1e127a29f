import type { Logger } from "@medusajs/framework/types";
import { oneLine } from "../../../errors/one-line";
import type { Clock } from "../../../clock";
import type { InvoiceRecord } from "../ledger/ledger";
import type { NewNotification, NotificationStore } from "./notification-store";

/** Milliseconds for which requests are gathered, to be written in one statement. */
const GATHERED_FOR = 500;
/** Requests that wait to be written. More are not recorded: no flood may fill the process. */
const MOST_WAITING = 2_000;
/** Milliseconds in which requests with unknown tokens are counted together. */
const STRANGERS_PER = 60_000;
/** Requests with unknown tokens that have a row of their own in that time. The others share one. */
const STRANGERS_WITH_A_ROW = 2;

/**
 * Records requests to the address for SEQR's notifications, for staff to read. Nothing waits for it and no payment depends on
 * it: what cannot be written is logged and left out.
 *
 * Requests with unknown tokens may be a flood, so that each process writes at most three rows a minute about them.
 */
export class NotificationLog {
  #waiting: NewNotification[] = [];
  #dropped = 0;
  #isGathering = false;
  #isWriting = false;
  /** Requests with unknown tokens since a moment. */
  #strangers = { until: 0, withARow: 0, others: 0, latest: new Date(0) };

  constructor(
    private readonly store: Pick<NotificationStore, "insert">,
    private readonly clock: Clock,
    private readonly logger: Pick<Logger, "warn">,
  ) {}

  /** Records a notification about a payment. @param invoice as it was when the notification came */
  record(
    { id, terminal, notified_at }: Pick<InvoiceRecord, "id" | "terminal" | "notified_at">,
    received_at: Date,
  ): void {
    const result = notified_at === null ? "recorded" : "repeated";
    this.#add({ received_at, result, invoice_id: id, terminal, requests: 1 });
  }

  /** Records a request whose token no payment has. */
  recordStranger(): void {
    const now = this.clock.now();
    const strangers = this.#strangers;
    if (strangers.until <= now.getTime()) {
      this.#strangers = { ...{ until: now.getTime() + STRANGERS_PER, others: 0, latest: now }, withARow: 1 };
      return this.#add(stranger(now, 1));
    }
    if (strangers.withARow < STRANGERS_WITH_A_ROW) {
      strangers.withARow++;
      return this.#add(stranger(now, 1));
    }
    strangers.latest = now;
    if (strangers.others++ > 0) return;
    this.clock.schedule(strangers.until - now.getTime(), () =>
      this.#add(stranger(strangers.latest, strangers.others)),
    );
  }

  #add(notification: NewNotification): void {
    if (this.#waiting.length >= MOST_WAITING) this.#dropped++;
    else this.#waiting.push(notification);
    this.#gather();
  }

  #gather(): void {
    if (this.#isGathering || this.#isWriting || this.#waiting.length === 0) return;
    this.#isGathering = true;
    this.clock.schedule(GATHERED_FOR, () => {
      this.#isGathering = false;
      void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    const [rows, dropped] = [this.#waiting, this.#dropped];
    this.#waiting = [];
    this.#dropped = 0;
    if (dropped > 0)
      this.logger.warn(
        `seqr: ${dropped} notifications were handled, and are not in the list of notifications`,
      );
    try {
      await this.store.insert(rows);
    } catch (error) {
      this.logger.warn(
        `seqr: ${rows.length} notifications were handled, and are not in the list of notifications: ${oneLine(error)}`,
      );
    } finally {
      this.#isWriting = false;
      this.#gather();
    }
  }
}

function stranger(received_at: Date, requests: number): NewNotification {
  return { received_at, result: "unknown", invoice_id: null, terminal: null, requests };
}
