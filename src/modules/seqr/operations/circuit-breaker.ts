import type { CallRecord } from "../../../seqr";

/** Results that say that SEQR, or the way to it, is down; a refusal of one call says nothing of the next. */
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

/** Failures in a row after which SEQR is taken for down. */
const FAILURES = 5;

/**
 * Whether this process finds SEQR down. Every call tells it, and one answer is enough to find SEQR up again. While SEQR
 * is down the watch asks for one invoice at a time, to learn when it is back; nobody else is held up.
 */
export class CircuitBreaker {
  #failures = 0;

  get isOpen(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Takes note of how a call ended. */
  record(result: CallRecord["result"]): void {
    this.#failures = DOWN.has(result) ? this.#failures + 1 : 0;
  }
}
