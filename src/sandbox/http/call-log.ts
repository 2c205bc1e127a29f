/** One SOAP call as the sandbox saw it. Never holds a password or a message. */
export interface RecordedCall {
  /** Operation name, or `?` when the message could not be read. */
  operation: string;
  /** Milliseconds since 1970, on the sandbox's clock. */
  at: number;
  /** What was, or would have been, answered. Left out when no work was done. */
  resultCode?: number;
  /** Why the call did not get a proper answer: the kind of an ordered fault, or what was wrong with the message. */
  fault?: string;
  /** For people: why the result code is not 0. */
  why?: string;
  invoiceReference?: string;
  ersReference?: string;
  clientReference?: string;
  /** Terminal or reseller id. */
  principal?: string;
}

/** The calls of one operation, counted. */
export interface CallCount {
  total: number;
  /** By result code; calls without one count under `none`. */
  byResult: Record<string, number>;
}

/** How many calls are remembered one by one; the counts go on for ever. */
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
