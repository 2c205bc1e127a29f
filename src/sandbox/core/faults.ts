/** What can be made to go wrong with a call, and whether the work is done all the same. */
export const CALL_FAULTS = {
  /** The work is done at once, the answer comes `ms` later. */
  delay: { works: true },
  /** The connection breaks before anything is done. */
  "lost-request": { works: false },
  /** The work is done, then the connection breaks. */
  "lost-answer": { works: true },
  /** Nothing is done; the answer carries `resultCode`. */
  "result-code": { works: false },
  /** Nothing is done; HTTP 500 with a SOAP fault. */
  "soap-fault": { works: false },
  /** The work is done; the answer is no XML. */
  garbage: { works: true },
  /** The work is done; the answer breaks off in the middle. */
  "cut-body": { works: true },
  /** Nothing is done; HTTP 502 with a page, as a proxy would answer. */
  html: { works: false },
  /** The work is done; HTTP 403 with a page, as a firewall would answer that does not let the answer pass. */
  blocked: { works: true },
  /** Nothing is done, and no answer ever comes. */
  hang: { works: false },
} as const;

/** What can be made to go wrong with a notification. */
export const NOTIFICATION_FAULTS = {
  /** It is never sent. */
  lost: {},
  /** It is sent twice. */
  double: {},
  /** It is sent `ms` later, on the sandbox's clock. */
  late: {},
} as const;

export type CallFaultKind = keyof typeof CALL_FAULTS;
export type NotificationFaultKind = keyof typeof NOTIFICATION_FAULTS;

/** A fault as it is ordered. */
export type FaultOrder =
  | {
      /** Operation name; left out or `*`: any. */
      operation?: string;
      kind: CallFaultKind;
      /** How often; default 1. */
      times?: number;
      /** How many calls of that operation go well first; default 0. */
      after?: number;
      /** Milliseconds, for delay; default 1000. */
      ms?: number;
      /** For result-code; default 90. */
      resultCode?: number;
    }
  | { operation: "notification"; kind: NotificationFaultKind; times?: number; after?: number; ms?: number };

/** A fault that waits for its call. */
export interface Fault {
  id: number;
  operation: string;
  kind: CallFaultKind | NotificationFaultKind;
  /** How often it still strikes. */
  times: number;
  /** How many calls still go well first. */
  after: number;
  ms: number;
  resultCode: number;
}

export const NOTIFICATION = "notification";

/** Faults to order: each is used up by the calls that it strikes, first ordered first. */
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

  /** The fault that strikes this call, if any. */
  takeForCall(operation: string): (Fault & { kind: CallFaultKind }) | undefined {
    const isForCall = (fault: Fault): fault is Fault & { kind: CallFaultKind } =>
      fault.kind in CALL_FAULTS && (fault.operation === "*" || fault.operation === operation);
    return this.#take(isForCall);
  }

  /** The fault that strikes this notification, if any. */
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
