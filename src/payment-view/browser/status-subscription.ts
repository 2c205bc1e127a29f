import type { Payment } from "../payment";
import { isEnd } from "../view-state";

/** Milliseconds between two status requests without a stream. */
const ASK_SHOWN = 1_000;
/** Milliseconds between two status requests while the page is hidden or the code has ended. */
const ASK_RESTING = 15_000;
/** Milliseconds before the next status request after an answer 429. */
const ASK_LATER = 5_000;
/** Milliseconds within which a stream must begin; some proxies buffer streams until they end. */
const STREAM_BEGINS = 4_000;
/** Milliseconds without an event after which a stream counts as dead: the server sends a ping every 15 seconds. */
const STREAM_SILENT = 40_000;
/** Milliseconds between two attempts to open a stream while status requests succeed. */
const STREAM_AGAIN = 30_000;
const ANSWER_WITHIN = 10_000;

/** Callbacks of a subscription. */
export interface Heard {
  payment(payment: Payment): void;
  /** Whether the server could not be reached. */
  lost(isLost: boolean): void;
  /** The payment does not exist. */
  missing(): void;
}

/**
 * Follows a payment until it is stopped, by an event stream, or by status requests if there is none. It continues after any
 * failure, pauses while the page is frozen, and requests the status at once when the page becomes visible.
 */
export class LivePayment {
  #stream: EventSource | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #hasStarted = false;
  #hasEnded = false;

  readonly #address: string;
  readonly #heard: Heard;

  /** @param address address of the payment */
  constructor(address: string, heard: Heard) {
    this.#address = address;
    this.#heard = heard;
  }

  start(): void {
    this.#hasStarted = true;
    this.#listen("addEventListener");
    this.#openStream();
  }

  stop(): void {
    this.#hasStarted = false;
    this.#listen("removeEventListener");
    this.#rest();
  }

  #listen(how: "addEventListener" | "removeEventListener"): void {
    for (const event of ["visibilitychange", "online", "offline", "pageshow"])
      window[how](event, this.#shown);
    window[how]("pagehide", this.#rest);
  }

  /** The page is frozen, and may be shown again. */
  readonly #rest = (): void => {
    this.#closeStream();
    clearTimeout(this.#asking);
    clearTimeout(this.#again);
  };

  readonly #shown = (): void => {
    if (document.hidden) return;
    if (!this.#stream) this.#openStream();
    this.#askIn(0);
  };

  #openStream(): void {
    clearTimeout(this.#again);
    if (!("EventSource" in window)) return this.#askIn(0);
    this.#closeStream();
    const stream = (this.#stream = new EventSource(`${this.#address}/events`));
    const alive = (): void => {
      this.#succeeded();
      clearTimeout(this.#asking);
      this.#watch(STREAM_SILENT);
    };
    stream.addEventListener("ping", alive);
    stream.addEventListener("payment", ({ data }: MessageEvent<string>) => {
      alive();
      this.#take(data);
    });
    stream.onerror = this.#streamFailed;
    this.#watch(STREAM_BEGINS);
  }

  #watch(time: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(this.#streamFailed, time);
  }

  readonly #streamFailed = (): void => {
    this.#closeStream();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#openStream(), STREAM_AGAIN);
    this.#askIn(0);
  };

  #closeStream(): void {
    clearTimeout(this.#watchdog);
    this.#stream?.close();
    this.#stream = undefined;
  }

  #askIn(time: number): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => void this.#ask(), time);
  }

  async #ask(): Promise<void> {
    let pause = document.hidden || this.#hasEnded ? ASK_RESTING : ASK_SHOWN;
    try {
      const answer = await fetch(`${this.#address}/status`, { signal: AbortSignal.timeout(ANSWER_WITHIN) });
      if (!this.#hasStarted) return;
      if (answer.status === 404) return this.#heard.missing();
      if (answer.status === 429) pause = ASK_LATER;
      else if (!answer.ok) throw new Error();
      else this.#take(await answer.text());
      this.#succeeded();
    } catch {
      if (!this.#hasStarted) return;
      // A stream can be broken although it seems to be open.
      this.#streamFailed();
      // One request may be lost; two in a row mean a lost connection.
      this.#heard.lost(++this.#failures > 1);
    }
    // 1: the stream is open.
    if (this.#hasStarted && this.#stream?.readyState !== 1) this.#askIn(pause);
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#heard.lost(false);
  }

  #take(text: string): void {
    const payment = JSON.parse(text) as Payment;
    this.#hasEnded = isEnd(payment.status);
    this.#heard.payment(payment);
  }
}
