import type { Amount, CustomerToken, InvoiceStatus } from "../../seqr";
import type { OperationName, RequestOf, ReturnOf } from "../../seqr/operations";
import type { Clock } from "./clock";
import { FaultQueue } from "./faults";
import type { Ids } from "./ids";
import { STATUS, type Stage } from "./life-cycle";
import { watchDeadline } from "./move";
import { handle } from "./operations";
import { Phone } from "./phone";
import { describe, Refusal } from "./refusal";
import { openSession } from "./sessions";
import { DEFAULT_SETTINGS, type Settings } from "./settings";
import {
  emptyState,
  fromSnapshot,
  toSnapshot,
  type NotificationRecord,
  type Period,
  type Reseller,
  type Session,
  type Sms,
  type Snapshot,
  type StoredInvoice,
  type Terminal,
  type Transaction,
} from "./state";
import type { Notify, World } from "./world";

/** Dependencies of the core. */
export interface SandboxEnvironment {
  clock: Clock;
  ids: Ids;
  /** Sends notifications. Default: they are recorded but not sent. */
  notify?: Notify;
  /** Called after every change of the state. */
  changed?: () => void;
  settings?: Partial<Settings>;
  resellers?: readonly Reseller[];
  terminals?: readonly Terminal[];
}

/** An invoice for people and tests. */
export interface InvoiceView extends Omit<StoredInvoice, "reference"> {
  invoiceReference: string;
  status: InvoiceStatus;
  amount: Amount | undefined;
  clientInvoiceId: string | undefined;
}

/** An answer, with the reason of a refusal for people. */
export interface Performed<N extends OperationName> {
  answer: Partial<ReturnOf<N>> & { resultCode: number; resultDescription: string };
  why?: string;
}

/**
 * SEQR without a network: state, rules and result codes. It does no I/O and takes time and identifiers as arguments, so
 * that the same calls always give the same answers.
 */
export class Sandbox {
  readonly faults = new FaultQueue();
  readonly phone: Phone;
  readonly #world: World;
  readonly #environment: SandboxEnvironment;

  constructor(environment: SandboxEnvironment) {
    this.#environment = environment;
    this.#world = {
      state: emptyState(),
      settings: { ...DEFAULT_SETTINGS, ...environment.settings },
      clock: environment.clock,
      ids: environment.ids,
      faults: this.faults,
      notify: environment.notify ?? ((_posting, done) => done("not sent")),
      changed: environment.changed ?? (() => undefined),
      timers: new Map(),
    };
    this.phone = new Phone(this.#world);
    this.#furnish();
  }

  get settings(): Settings {
    return this.#world.settings;
  }

  /** Executes an operation. Every refusal is a result code; a caller's error throws nothing. */
  perform<N extends OperationName>(name: N, request: RequestOf<N>): Performed<N> {
    // Copies, so that no caller holds a part of the state.
    const outcome = handle(this.#world, name, structuredClone(request));
    if (!(outcome instanceof Refusal)) {
      return { answer: { ...structuredClone(outcome), resultCode: 0, resultDescription: describe(0) } };
    }
    const { code, why } = outcome;
    const resultDescription = this.settings.strict ? `${describe(code)}: ${why}` : describe(code);
    const version = name === "getPaymentStatus" ? { version: 0 } : {};
    return { answer: { ...version, resultCode: code, resultDescription } as Performed<N>["answer"], why };
  }

  /** Adds a terminal, or changes the one with this id. */
  putTerminal(terminal: Terminal): void {
    const { state, changed } = this.#world;
    state.terminals.set(terminal.id, { ...state.terminals.get(terminal.id), ...terminal });
    changed();
  }

  /** Adds a shop, or changes the one with this id. */
  putReseller(reseller: Reseller): void {
    const { state, changed } = this.#world;
    state.resellers.set(reseller.id, structuredClone(reseller));
    changed();
  }

  /** Opens a shop inside the app for the shopper (PROTOCOL 6). */
  openSession(parameters?: Record<string, string>, state?: Session["state"]): Session {
    return structuredClone(openSession(this.#world, parameters, state));
  }

  invoices(): InvoiceView[] {
    return [...this.#world.state.invoices.values()].map(invoiceView);
  }

  /** Finds the invoice with this reference. */
  invoice(reference: string): InvoiceView | undefined {
    const found = this.#world.state.invoices.get(reference);
    return found && invoiceView(found);
  }

  /** Payments and refunds, oldest first. */
  transactions(): Transaction[] {
    return structuredClone([...this.#world.state.transactions.values()]);
  }

  periods(): Period[] {
    return structuredClone([...this.#world.state.periods.values()]);
  }

  /** With passwords. */
  resellers(): Reseller[] {
    return structuredClone([...this.#world.state.resellers.values()]);
  }

  /** Without passwords. */
  terminals(): Omit<Terminal, "password">[] {
    return [...this.#world.state.terminals.values()].map(withoutPassword);
  }

  notifications(): NotificationRecord[] {
    return structuredClone(this.#world.state.notifications);
  }

  sms(): Sms[] {
    return structuredClone(this.#world.state.sms);
  }

  shopperTokens(): CustomerToken[] {
    return structuredClone(this.#world.state.shopperTokens);
  }

  /** Copies the whole state as plain data. */
  snapshot(): Snapshot {
    return toSnapshot(this.#world.state, this.#world.clock.now());
  }

  /** Restores a state, with SEQR's pending deadlines. */
  restore(snapshot: Snapshot): void {
    this.close();
    this.#world.state = fromSnapshot(snapshot);
    this.#furnish();
    for (const notification of this.#world.state.notifications) {
      if (notification.outcome === "sending") notification.outcome = "unknown: the sandbox was stopped";
    }
    for (const invoice of this.#world.state.invoices.values()) watchDeadline(this.#world, invoice);
  }

  /** Deletes all state and faults, and keeps the resellers and terminals of the start. */
  reset(): void {
    this.close();
    this.faults.clear();
    this.#world.state = emptyState();
    this.#furnish();
    this.#world.changed();
  }

  /** Cancels all timers. */
  close(): void {
    for (const cancel of this.#world.timers.values()) cancel();
    this.#world.timers.clear();
  }

  #furnish(): void {
    const { state, settings } = this.#world;
    const { resellers = [], terminals = [] } = this.#environment;
    for (const reseller of resellers) state.resellers.set(reseller.id, structuredClone(reseller));
    for (const terminal of terminals) {
      state.terminals.set(terminal.id, { ...state.terminals.get(terminal.id), ...structuredClone(terminal) });
    }
    if (state.shopperTokens.length === 0)
      state.shopperTokens = settings.shopper.tokens.map((token) => ({ ...token }));
  }
}

function invoiceView({ reference, ...stored }: StoredInvoice): InvoiceView {
  return {
    invoiceReference: reference,
    status: STATUS[stored.stage satisfies Stage],
    amount: stored.invoice.totalAmount,
    clientInvoiceId: stored.invoice.clientInvoiceId,
    ...structuredClone(stored),
  };
}

function withoutPassword(terminal: Terminal): Omit<Terminal, "password"> {
  const copy: Partial<Terminal> & Omit<Terminal, "password"> = structuredClone(terminal);
  delete copy.password;
  return copy;
}
