import type { CallRecord } from "../../../seqr";

/** Results which show that SEQR, or the network to it, is down. A refusal of one call does not predict the next. */
const DOWN: ReadonlySet<CallRecord["result"]> = new Set<CallRecord["result"]>([
  "SEQR_UNREACHABLE",
  "SEQR_HTTP_REFUSED",
  "SEQR_TIMEOUT",
  "SEQR_ANSWER_LOST",
  "SEQR_ANSWER_INVALID",
  "SEQR_FAULT",
  "SEQR_93",
  "SEQR_94",
]);

/** Failures in a row after which SEQR counts as down. */
const FAILURES = 5;

/**
 * Tells whether one endpoint of SEQR is down for this process. Every call is recorded, and one answer closes the breaker again. While it is open,
 * the watch polls one invoice at a time to find out when SEQR is back; all other calls are made as usual.
 */
export class CircuitBreaker {
  #failures = 0;

  get isOpen(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Records the result of a call. */
  record(result: CallRecord["result"]): void {
    this.#failures = DOWN.has(result) ? this.#failures + 1 : 0;
  }
}
