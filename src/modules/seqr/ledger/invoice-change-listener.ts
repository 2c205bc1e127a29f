import { randomUUID } from "node:crypto";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";

/** PostgreSQL channel on which a trigger of the ledger's table announces purchases whose invoices have changed. */
const CHANNEL = "seqr_invoice";

/** Polling interval (ms) while PostgreSQL's notifications arrive. */
const POLL_INTERVAL_WHEN_NOTIFIED = 5_000;
/** Polling interval (ms) while they do not. */
const POLL_INTERVAL = 1_000;
/** Milliseconds until a lost connection is opened again. */
const RECONNECT_AFTER = 1_000;
/** Purchases that one query compares. */
const BATCH_SIZE = 1_000;

/** A connection outside of the pool, as far as it is needed here. */
interface Connection {
  query(sql: string): Promise<unknown>;
  on(event: "notification", listener: (message: { channel: string; payload?: string }) => void): void;
  on(event: "error" | "end", listener: () => void): void;
  end(): Promise<void>;
}

/**
 * Notifies listeners when a shopper-visible field of a purchase's invoices changes on any server. Uses LISTEN and NOTIFY, and polls
 * as a fallback, because connections drop and poolers such as PgBouncer do not forward notifications.
 */
export class InvoiceChangeListener {
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #seen = new Map<string, string>();
  #connection: Connection | undefined;
  #proof = "";
  #announced = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: Knex) {}

  /**
   * Calls back whenever an invoice of the purchase may have changed, until the returned function is called. Opens one connection
   * while there are listeners.
   *
   * @param id of the payment collection
   */
  watch(id: string, changed: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(changed));
    if (this.#timer === undefined) this.#start();
    return () => {
      listeners.delete(changed);
      if (listeners.size > 0) return;
      this.#listeners.delete(id);
      this.#seen.delete(id);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  #start(): void {
    void this.#connect();
    this.#pollLater();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#announced = false;
    connection?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    let connection: Connection | undefined;
    const lost = (): void => {
      if (connection !== undefined && this.#connection !== connection) return;
      this.#connection = undefined;
      this.#announced = false;
      setTimeout(() => {
        if (this.#timer !== undefined && this.#connection === undefined) void this.#connect();
      }, RECONNECT_AFTER).unref();
    };
    try {
      connection = (await this.db.client.acquireRawConnection()) as Connection;
      if (this.#timer === undefined || this.#connection !== undefined) return void (await connection.end());
      this.#connection = connection;
      connection.on("notification", ({ payload = "" }) => this.#heard(payload));
      connection.on("error", lost);
      connection.on("end", lost);
      await connection.query(`listen ${CHANNEL}`);
      // Only a received message proves that notifications arrive.
      this.#proof = `proof-${randomUUID()}`;
      await this.db.raw("select pg_notify(?, ?)", [CHANNEL, this.#proof]);
      // Invoices may have changed before the connection was there.
      await this.#compare();
    } catch {
      lost();
      connection?.end().catch(() => undefined);
    }
  }

  #heard(payload: string): void {
    if (payload === this.#proof) this.#announced = true;
    this.#notify(payload);
  }

  #notify(id: string): void {
    for (const changed of this.#listeners.get(id) ?? []) changed();
  }

  #pollLater(): void {
    const poll = (): void => {
      this.#compare()
        .catch(() => undefined) // the database is away: the next poll finds what changed meanwhile
        .finally(() => {
          if (this.#timer !== undefined) this.#pollLater();
        });
    };
    this.#timer = setTimeout(poll, this.#announced ? POLL_INTERVAL_WHEN_NOTIFIED : POLL_INTERVAL).unref();
  }

  /** Compares the invoices of all watched purchases with those of the last time, and notifies about the changed ones. */
  async #compare(): Promise<void> {
    const ids = [...this.#listeners.keys()];
    for (let from = 0; from < ids.length; from += BATCH_SIZE) {
      const rows = await this.db("seqr_invoice")
        .whereIn("payment_collection_id", ids.slice(from, from + BATCH_SIZE))
        .groupBy("payment_collection_id")
        .select<{ id: string; seen: string }[]>(
          "payment_collection_id as id",
          this.db.raw(
            "string_agg(concat_ws(' ', id, state, reason, order_id, amount, ers_reference), ',' order by id) as seen",
          ),
        );
      for (const { id, seen } of rows) {
        // A purchase that is new here may have changed before it was read for the first time.
        if (this.#seen.get(id) === seen || !this.#listeners.has(id)) continue;
        this.#seen.set(id, seen);
        this.#notify(id);
      }
    }
  }
}
