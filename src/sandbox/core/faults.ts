/** Faults of a call, and whether the operation is executed. */
export const CALL_FAULTS = {
  /** The operation is executed at once, and the answer is sent `ms` later. */
  delay: { works: true },
  /** The connection breaks before the operation. */
  "lost-request": { works: false },
  /** The connection breaks after the operation. */
  "lost-answer": { works: true },
  /** The operation is not executed; the answer has `resultCode`. */
  "result-code": { works: false },
  /** The operation is not executed; HTTP 500 with a SOAP fault. */
  "soap-fault": { works: false },
  /** The operation is executed; the answer is not XML. */
  garbage: { works: true },
  /** The operation is executed; half of the answer is sent. */
  "cut-body": { works: true },
  /** The operation is not executed; HTTP 502 with a page, as from a proxy. */
  html: { works: false },
  /** The operation is executed; HTTP 403 with a page, as from a firewall that blocks the answer. */
  blocked: { works: true },
  /** The operation is not executed, and no answer is sent. */
  hang: { works: false },
} as const;

/** Faults of a notification. */
export const NOTIFICATION_FAULTS = {
  /** It is not sent. */
  lost: {},
  /** It is sent twice. */
  double: {},
  /** It is sent `ms` later, on the sandbox's clock. */
  late: {},
} as const;

export type CallFaultKind = keyof typeof CALL_FAULTS;
export type NotificationFaultKind = keyof typeof NOTIFICATION_FAULTS;

/** A fault to add. */
export type FaultOrder =
  | {
      /** Operation name; absent or `*`: any. */
      operation?: string;
      kind: CallFaultKind;
      /** Number of calls; default 1. */
      times?: number;
      /** Number of that operation's calls that succeed first; default 0. */
      after?: number;
      /** Milliseconds, for delay; default 1000. */
      ms?: number;
      /** For result-code; default 90. */
      resultCode?: number;
    }
  | { operation: "notification"; kind: NotificationFaultKind; times?: number; after?: number; ms?: number };

/** A fault that has not been used up. */
export interface Fault {
  id: number;
  operation: string;
  kind: CallFaultKind | NotificationFaultKind;
  /** Remaining number of calls that it affects. */
  times: number;
  /** Remaining number of calls that succeed first. */
  after: number;
  ms: number;
  resultCode: number;
}

export const NOTIFICATION = "notification";

/** Faults in the order in which they were added. Each is used up by the calls that it affects. */
export class FaultQueue {
  #faults: Fault[] = [];
  #lastId = 0;

  add({ operation = "*", kind, times = 1, after = 0, ...order }: FaultOrder): Fault {
    const resultCode = "resultCode" in order ? (order.resultCode ?? 90) : 90;
    const fault = { id: ++this.#lastId, operation, kind, times, after, ms: order.ms ?? 1_000, resultCode };
    this.#faults.push(fault);
    return { ...fault };
  }

  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#faults = [];
  }

  /** Takes the fault that affects this call, if any. */
  takeForCall(operation: string): (Fault & { kind: CallFaultKind }) | undefined {
    const isForCall = (fault: Fault): fault is Fault & { kind: CallFaultKind } =>
      fault.kind in CALL_FAULTS && (fault.operation === "*" || fault.operation === operation);
    return this.#take(isForCall);
  }

  /** Takes the fault that affects this notification, if any. */
  takeForNotification(): (Fault & { kind: NotificationFaultKind }) | undefined {
    const isForNotification = (fault: Fault): fault is Fault & { kind: NotificationFaultKind } =>
      fault.kind in NOTIFICATION_FAULTS;
    return this.#take(isForNotification);
  }

  #take<F extends Fault>(matches: (fault: Fault) => fault is F): F | undefined {
    for (const fault of this.#faults) {
      if (!matches(fault)) continue;
      if (fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      fault.times -= 1;
      if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
      return { ...fault };
    }
    return undefined;
  }
}
