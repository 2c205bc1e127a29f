import { randomUUID } from "node:crypto";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";

/** Where the database announces purchases whose invoices have changed (a trigger of the ledger's table). */
const CHANNEL = "seqr_invoice";

/** Milliseconds between two comparisons while PostgreSQL's announcements arrive, and while they do not. */
const SWEEP = 5_000;
const SWEEP_ALONE = 1_000;
/** Milliseconds until a lost connection is made anew. */
const RECONNECT = 1_000;
/** Purchases that one question compares. */
const AT_ONCE = 1_000;

/** What of a connection outside of the pool is needed here. */
interface Connection {
  query(sql: string): Promise<unknown>;
  on(event: "notification", listener: (message: { channel: string; payload?: string }) => void): void;
  on(event: "error" | "end", listener: () => void): void;
  end(): Promise<void>;
}

/**
 * Tells when an invoice of a purchase has changed in what the shopper sees, whichever server changed it: by PostgreSQL's
 * LISTEN, and by comparing from time to time, since a connection may break and some connection poolers swallow
 * announcements.
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
   * Calls back whenever an invoice of the purchase may have changed, until the returned function is called. Costs one
   * connection as long as anybody watches anything.
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
    this.#sweepLater();
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
      }, RECONNECT).unref();
    };
    try {
      connection = (await this.db.client.acquireRawConnection()) as Connection;
      if (this.#timer === undefined || this.#connection !== undefined) return void (await connection.end());
      this.#connection = connection;
      connection.on("notification", ({ payload = "" }) => this.#heard(payload));
      connection.on("error", lost);
      connection.on("end", lost);
      await connection.query(`listen ${CHANNEL}`);
      // Only what arrives proves that announcements do.
      this.#proof = `proof-${randomUUID()}`;
      await this.db.raw("select pg_notify(?, ?)", [CHANNEL, this.#proof]);
      // What changed while nobody listened.
      await this.#compare();
    } catch {
      lost();
      connection?.end().catch(() => undefined);
    }
  }

  #heard(payload: string): void {
    if (payload === this.#proof) this.#announced = true;
    this.#tell(payload);
  }

  #tell(id: string): void {
    for (const changed of this.#listeners.get(id) ?? []) changed();
  }

  #sweepLater(): void {
    const sweep = (): void => {
      this.#compare()
        .catch(() => undefined) // the database is away: the next sweep finds what changed meanwhile
        .finally(() => {
          if (this.#timer !== undefined) this.#sweepLater();
        });
    };
    this.#timer = setTimeout(sweep, this.#announced ? SWEEP : SWEEP_ALONE).unref();
  }

  /** Looks the invoices of all watched purchases up, and tells of those that are not as they were. */
  async #compare(): Promise<void> {
    const ids = [...this.#listeners.keys()];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const rows = await this.db("seqr_invoice")
        .whereIn("payment_collection_id", ids.slice(from, from + AT_ONCE))
        .groupBy("payment_collection_id")
        .select<{ id: string; seen: string }[]>(
          "payment_collection_id as id",
          this.db.raw(
            "string_agg(concat_ws(' ', id, state, reason, order_id, amount, ers_reference), ',' order by id) as seen",
          ),
        );
      for (const { id, seen } of rows) {
        // One that is new here may have changed before it was looked at for the first time.
        if (this.#seen.get(id) === seen || !this.#listeners.has(id)) continue;
        this.#seen.set(id, seen);
        this.#tell(id);
      }
    }
  }
}
