import type { Payment, Session } from "../payment";
import type { Notice } from "../locales/texts";
import { isFinal, showsCode, viewState, whyNotCanceled, type ViewState } from "../view-state";
import { LivePayment } from "./status-subscription";

/** Milliseconds before the payment's data is requested again after a failure. */
const LOAD_AGAIN = 2_000;
const DONE_WITHIN = 30_000;

/** State of a payment at one time. */
export interface Snapshot {
  state: ViewState;
  /** Whether the code may be shown, and the app opened. */
  showsCode: boolean;
  session: Partial<Session>;
  payment: Partial<Payment>;
  /** Whole seconds until the code expires, by a monotonic clock. */
  secondsLeft: number;
  /** Name of the text that says why an action failed. */
  notice: Notice | undefined;
  /** Whether an action is in progress. */
  isBusy: boolean;
}

/** A payment session's `data`, or the address where the store gives it (`/seqr/payments/:token`). */
export type PaymentSource = Partial<Session> | string;

/**
 * Follows a payment for all forms of the view. It draws nothing.
 *
 * @example
 * const control = new PaymentControl(session.data, (snapshot) => draw(snapshot));
 * control.start();
 */
export class PaymentControl {
  readonly #source: PaymentSource;
  readonly #tell: (snapshot: Snapshot) => void;
  #session: Partial<Session> = {};
  #payment: Partial<Payment> = {};
  #status: string | undefined;
  #isLost = false;
  #isBusy = false;
  #notice: Snapshot["notice"];
  #endsAt = 0;
  #live: LivePayment | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;

  /**
   * @param source the payment
   * @param changed called after every change of the snapshot
   */
  constructor(source: PaymentSource, changed: (snapshot: Snapshot) => void) {
    this.#source = source;
    this.#tell = changed;
  }

  get snapshot(): Snapshot {
    const secondsLeft = Math.max(0, Math.ceil((this.#endsAt - performance.now()) / 1_000));
    const known = { status: this.#status, isLost: this.#isLost, isOver: secondsLeft === 0 };
    return {
      secondsLeft,
      state: viewState(known),
      showsCode: showsCode(known),
      session: this.#session,
      payment: this.#payment,
      notice: this.#notice,
      isBusy: this.#isBusy,
    };
  }

  start(): void {
    this.#begin(this.#source);
  }

  stop(): void {
    clearInterval(this.#tick);
    this.#tick = undefined;
    this.#live?.stop();
  }

  /** Cancels the invoice at SEQR. If the shopper has paid meanwhile, the payment continues, and the snapshot says so. */
  async cancel(): Promise<void> {
    const payment = await this.#post<Payment>("cancel");
    if (payment) this.#take(payment);
    this.#notice = whyNotCanceled(payment?.status ?? "waiting");
    this.#changed();
  }

  /**
   * Requests a new code for the same purchase.
   *
   * @returns the data of the new payment session; undefined when there is none
   */
  async renew(): Promise<Session | undefined> {
    const session = await this.#post<Session>("renew");
    this.#notice = session ? undefined : "notRenewed";
    if (session) this.#begin(session);
    this.#changed();
    return session;
  }

  #begin(source: PaymentSource): void {
    this.stop();
    this.#payment = {};
    this.#status = undefined;
    // The code disappears when it expires, also without an answer from the server.
    this.#tick = setInterval(() => this.#changed(), 1_000);
    if (typeof source === "string") void this.#load(source);
    else this.#follow(source);
  }

  /** Requests the session until the store answers. */
  async #load(address: string): Promise<void> {
    while (this.#tick) {
      try {
        const answer = await fetch(address);
        if (!this.#tick) return;
        this.#isLost = answer.status > 404;
        if (!this.#isLost) return this.#follow(answer.ok ? ((await answer.json()) as Session) : {});
      } catch {
        this.#isLost = true;
      }
      this.#changed();
      await new Promise((resolve) => setTimeout(resolve, LOAD_AGAIN));
    }
  }

  #follow(session: Partial<Session>): void {
    this.#session = session;
    const { page_url } = session;
    const missing = (): void => {
      this.stop();
      this.#status = "missing";
      this.#changed();
    };
    if (!page_url) return missing();
    this.#live = new LivePayment(page_url, {
      missing,
      payment: (payment) => this.#take(payment),
      lost: (isLost) => {
        this.#isLost = isLost;
        this.#changed();
      },
    });
    this.#live.start();
  }

  /** @returns the answer; undefined when it was refused or did not arrive */
  async #post<Answer>(what: string): Promise<Answer | undefined> {
    if (this.#isBusy) return undefined;
    this.#isBusy = true;
    this.#changed();
    try {
      const answer = await fetch(`${this.#session.page_url}/${what}`, {
        method: "POST",
        signal: AbortSignal.timeout(DONE_WITHIN),
      });
      return answer.ok ? ((await answer.json()) as Answer) : undefined;
    } catch {
      return undefined;
    } finally {
      this.#isBusy = false;
    }
  }

  #take(payment: Payment): void {
    if (payment.newer_url) return this.#begin(payment.newer_url);
    this.#payment = payment;
    this.#endsAt = performance.now() + payment.expires_in * 1_000;
    if (payment.status !== this.#status) this.#notice = undefined;
    this.#status = payment.status;
    if (isFinal(payment.status)) this.stop();
    this.#changed();
  }

  #changed(): void {
    this.#tell(this.snapshot);
  }
}
