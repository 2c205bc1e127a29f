import { createHash } from "node:crypto";
import type { InvoiceRecord } from "../../modules/seqr/public";
import type { ShopperPayment } from "../../shopper/shopper-payment";

/** Milliseconds between two signs of life. Proxies commonly cut a stream after 60 silent seconds. */
const PING_EVERY = 15_000;
/** Milliseconds between two notes in the ledger that these payment pages are open. */
const VIEWED_EVERY = 3_000;
/** Open streams of one payment in this process: a hundred tabs, and some that are being loaded again. */
const MOST_STREAMS = 120;
/** Seconds after which a browser that got no stream may try again; until then it asks. */
export const STREAM_AGAIN = 30;
/** Some proxies pass nothing on until they have this much. */
const PADDING = `:${" ".repeat(1_024)}\n\n`;
const PING = "event: ping\ndata:\n\n";

/** A payment that can be followed: an invoice, and the purchase that it is of. */
export type Followed = Pick<InvoiceRecord, "id" | "payment_collection_id">;

/** Where the feed learns of payments. */
export interface PaymentSource {
  /** The payment as it is now. */
  read(id: string): Promise<ShopperPayment | undefined>;
  /** Calls back whenever an invoice of the purchase may have changed. @returns how to stop that */
  watch(paymentCollectionId: string, changed: () => void): () => void;
  /** Payment pages are open on these. */
  viewed(ids: string[]): Promise<void>;
}

/** One open stream: something to write to. */
export interface EventStream {
  write(text: string): void;
  end(): void;
}

/** A payment that somebody watches. */
interface Watched {
  sinks: Set<EventStream>;
  stop(): void;
  /** The latest event and its id. */
  event?: { id: string; text: string };
  status?: ShopperPayment["status"];
  /** Reads the payment and sends what is new; at most one reading and one more after it. */
  reading: Promise<void> | undefined;
  isStale: boolean;
}

/**
 * All event streams of this process. Each payment is read once per change, however many pages show it, and SEQR is never
 * asked because of them.
 */
export class EventStreamHub {
  readonly #watched = new Map<string, Watched>();
  #timers: NodeJS.Timeout[] = [];

  constructor(private readonly source: PaymentSource) {}

  /** Whether a payment has as many streams as it may have. */
  isFull({ id }: Followed): boolean {
    return (this.#watched.get(id)?.sinks.size ?? 0) >= MOST_STREAMS;
  }

  /**
   * Opens a stream: it begins with the payment as it is, unless its browser has seen that already. It counts from the
   * call on, so ask `isFull` just before.
   *
   * @param lastEventId of the event that the browser saw last
   * @returns how to close it
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

  /** Whatever goes wrong shows again at the next change. */
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
        // Nobody announces that Medusa has written a newer code's session.
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

  /** A server that is to end waits for its connections. */
  readonly #endAll = (): void => {
    for (const { sinks } of this.#watched.values()) for (const sink of sinks) sink.end();
  };
}

/** The payment as an event. Its id is the same for as long as nothing has changed, on every server. */
function eventOf(payment: ShopperPayment): { id: string; text: string } {
  const lasting = JSON.stringify({ ...payment, expires_in: undefined });
  const id = createHash("sha256").update(lasting).digest("base64url").slice(0, 16);
  return { id, text: `id: ${id}\nevent: payment\ndata: ${JSON.stringify(payment)}\n\n` };
}
