/** A SOAP call, without password and message. */
export interface RecordedCall {
  /** Operation name, or `?` when the message could not be read. */
  operation: string;
  /** Milliseconds since 1970, on the sandbox's clock. */
  at: number;
  /** The result code that was, or would have been, answered. Absent when the operation was not executed. */
  resultCode?: number;
  /** Why the call got no regular answer: the kind of a fault, or the error in the message. */
  fault?: string;
  /** Reason for a result code other than 0, for people. */
  why?: string;
  invoiceReference?: string;
  ersReference?: string;
  clientReference?: string;
  /** Terminal or reseller id. */
  principal?: string;
}

/** Number of calls of an operation. */
export interface CallCount {
  total: number;
  /** By result code; `none` counts calls without one. */
  byResult: Record<string, number>;
}

/** Number of calls that are kept; the counts include all calls. */
const REMEMBERED = 20_000;

export class CallLog {
  #calls: RecordedCall[] = [];
  #counts = new Map<string, CallCount>();

  add(call: RecordedCall): void {
    this.#calls.push(call);
    if (this.#calls.length > 1.5 * REMEMBERED) this.#calls = this.#calls.slice(-REMEMBERED);
    const count = this.#counts.get(call.operation) ?? { total: 0, byResult: {} };
    const result = String(call.resultCode ?? "none");
    count.total += 1;
    count.byResult[result] = (count.byResult[result] ?? 0) + 1;
    this.#counts.set(call.operation, count);
  }

  /** Oldest first. */
  list(): RecordedCall[] {
    return this.#calls.map((call) => ({ ...call }));
  }

  counts(): Record<string, CallCount> {
    return structuredClone(Object.fromEntries(this.#counts));
  }

  clear(): void {
    this.#calls = [];
    this.#counts.clear();
  }
}
