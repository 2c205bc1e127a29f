import { createHash } from "node:crypto";
import type { InvoiceRecord } from "../../modules/seqr/public";
import type { ShopperPayment } from "../../shopper/shopper-payment";

/** Milliseconds between two pings. Proxies commonly close a stream after 60 idle seconds. */
const PING_EVERY = 15_000;
/** Milliseconds between two records in the ledger of the open payment pages. */
const VIEWED_EVERY = 3_000;
/** Largest number of open streams of one payment in this process: a hundred tabs, and some that reload. */
const MOST_STREAMS = 120;
/** Seconds after which a browser without a stream may try again; until then it requests the status. */
export const STREAM_AGAIN = 30;
/** Some proxies forward nothing before they have received this many bytes. */
const PADDING = `:${" ".repeat(1_024)}\n\n`;
const PING = "event: ping\ndata:\n\n";

/** A payment that a stream can follow: an invoice, and its purchase. */
export type Followed = Pick<InvoiceRecord, "id" | "payment_collection_id">;

/** The source of the payments' data. */
export interface PaymentSource {
  /** Reads the current payment. */
  read(id: string): Promise<ShopperPayment | undefined>;
  /** Calls back whenever an invoice of the purchase may have changed. @returns a function that stops it */
  watch(paymentCollectionId: string, changed: () => void): () => void;
  /** Records that payment pages of these invoices are open. */
  viewed(ids: string[]): Promise<void>;
}

/** The response of one open stream. */
export interface EventStream {
  write(text: string): void;
  end(): void;
}

/** A payment with at least one open stream. */
interface Watched {
  sinks: Set<EventStream>;
  stop(): void;
  /** The latest event, with its id. */
  event?: { id: string; text: string };
  status?: ShopperPayment["status"];
  /** Reads the payment and sends a change. At most one read is in progress and one is queued. */
  reading: Promise<void> | undefined;
  isStale: boolean;
}

/**
 * Serves all event streams of this process. It reads each payment once per change, however many pages show it, and never
 * calls SEQR.
 */
export class EventStreamHub {
  readonly #watched = new Map<string, Watched>();
  #timers: NodeJS.Timeout[] = [];

  constructor(private readonly source: PaymentSource) {}

  /** Whether a payment has reached its largest number of streams. */
  isFull({ id }: Followed): boolean {
    return (this.#watched.get(id)?.sinks.size ?? 0) >= MOST_STREAMS;
  }

  /**
   * Opens a stream. It begins with the current payment, unless the browser has received that event already. It counts at
   * once, so check `isFull` just before.
   *
   * @param lastEventId id of the last event that the browser received
   * @returns a function that closes the stream
   */
  async open(payment: Followed, sink: EventStream, lastEventId: string | undefined): Promise<() => void> {
    const { id } = payment;
    const watched = this.#watched.get(id) ?? this.#watch(payment);
    watched.sinks.add(sink);
    const close = (): void => this.#close(id, watched, sink);
    sink.write(PADDING);
    if (watched.event) {
      sink.write(watched.event.id === lastEventId ? PING : watched.event.text);
      return close;
    }
    try {
      await this.#read(id, watched);
      return close;
    } catch (error) {
      close();
      throw error;
    }
  }

  #close(id: string, watched: Watched, sink: EventStream): void {
    watched.sinks.delete(sink);
    if (watched.sinks.size > 0 || this.#watched.get(id) !== watched) return;
    watched.stop();
    this.#watched.delete(id);
    if (this.#watched.size === 0) this.#rest();
  }

  #watch({ id, payment_collection_id }: Followed): Watched {
    const watched: Watched = {
      sinks: new Set(),
      reading: undefined,
      isStale: false,
      stop: this.source.watch(payment_collection_id, () => this.#readSoon(id, watched)),
    };
    this.#watched.set(id, watched);
    if (this.#timers.length === 0) this.#begin();
    return watched;
  }

  /** Ignores an error, because the next change reads the payment again. */
  #readSoon(id: string, watched: Watched): void {
    this.#read(id, watched).catch(() => undefined);
  }

  #read(id: string, watched: Watched): Promise<void> {
    watched.isStale = true;
    watched.reading ??= this.#readWhileStale(id, watched).finally(() => (watched.reading = undefined));
    return watched.reading;
  }

  async #readWhileStale(id: string, watched: Watched): Promise<void> {
    while (watched.isStale) {
      watched.isStale = false;
      const payment = await this.source.read(id);
      if (!payment) continue;
      const event = eventOf(payment);
      watched.status = payment.status;
      if (event.id === watched.event?.id) continue;
      watched.event = event;
      for (const sink of watched.sinks) sink.write(event.text);
    }
  }

  #begin(): void {
    this.#timers = [
      setInterval(() => {
        for (const { sinks } of this.#watched.values()) for (const sink of sinks) sink.write(PING);
      }, PING_EVERY),
      setInterval(() => {
        const open = [...this.#watched].filter(
          ([, { status, sinks }]) => status === "waiting" && sinks.size > 0,
        );
        if (open.length > 0) this.source.viewed(open.map(([id]) => id)).catch(() => undefined);
        // No notification reports that Medusa has written a newer code's session.
        for (const [id, watched] of this.#watched) {
          if (watched.status === "preparing") this.#readSoon(id, watched);
        }
      }, VIEWED_EVERY),
    ];
    process.once("SIGTERM", this.#endAll).once("SIGINT", this.#endAll);
  }

  #rest(): void {
    this.#timers.forEach(clearInterval);
    this.#timers = [];
    process.off("SIGTERM", this.#endAll).off("SIGINT", this.#endAll);
  }

  /** A server that shuts down waits for its connections. */
  readonly #endAll = (): void => {
    for (const { sinks } of this.#watched.values()) for (const sink of sinks) sink.end();
  };
}

/** Formats the payment as an event. Its id is a hash of the content, so it is the same on every server. */
function eventOf(payment: ShopperPayment): { id: string; text: string } {
  const lasting = JSON.stringify({ ...payment, expires_in: undefined });
  const id = createHash("sha256").update(lasting).digest("base64url").slice(0, 16);
  return { id, text: `id: ${id}\nevent: payment\ndata: ${JSON.stringify(payment)}\n\n` };
}
