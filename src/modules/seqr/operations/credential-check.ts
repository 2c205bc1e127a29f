import type { CallRecord } from "../../../seqr";
import { after, type Clock } from "../../../clock";
import { PASSWORD_REFUSED } from "../invoice/polling-schedule";

/** Milliseconds for which the watch of a process leaves a terminal to other servers after SEQR refused its password. */
const PAUSE = 10_000;

/**
 * Tells whether SEQR accepts the password that this process has for a terminal. While a password is changed, some servers have
 * the earlier one: their watch leaves the terminal's invoices to the servers whose password SEQR accepts, so that each payment
 * is polled in time. A call that succeeds ends that at once.
 */
export class CredentialCheck {
  #pausedUntil: Date | undefined;

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** Whether SEQR refused the password in the latest call that tells. */
  get isRefused(): boolean {
    return this.#pausedUntil !== undefined;
  }

  /** Whether to try again with one call. */
  get isTryDue(): boolean {
    return this.#pausedUntil !== undefined && this.#pausedUntil <= this.clock.now();
  }

  /** Records the result of a call. */
  record(result: CallRecord["result"]): void {
    if (result === PASSWORD_REFUSED) this.#pausedUntil = after(this.clock.now(), PAUSE);
    else if (result === 0) this.#pausedUntil = undefined;
  }
}
