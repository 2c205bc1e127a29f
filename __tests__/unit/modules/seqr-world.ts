import { setImmediate as turn } from "node:timers/promises";
import { EventEmittingLedger } from "../../../src/modules/seqr/ledger/event-emitting-ledger";
import { openTerminals, type Terminal } from "../../../src/modules/seqr/operations/terminals";
import { systemClock, type Clock } from "../../../src/clock";
import type { OperationContext } from "../../../src/modules/seqr/operations/operation-context";
import { moneyLine, type MoneyEvent } from "../../../src/modules/seqr/ledger/money-events";
import type { InvoicePatch, InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { resolveStore, type SeveralTerminalsOptions } from "../../../src/options/store-options";
import type { SeqrOptions } from "../../../src/options/seqr-options";
import {
  issueInvoice,
  type IssuedInvoice,
  type IssueInput,
} from "../../../src/modules/seqr/operations/issue-invoice";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import type { InvoiceState } from "../../../src/modules/seqr/invoice/states";
import {
  startSandbox,
  type RunningSandbox,
  type SandboxOptions,
  type TurnableClock,
} from "../../../src/sandbox";
import type { SeqrClient } from "../../../src/seqr";
import { CANARY, canarySecrets, expectNoSecrets } from "../../store/kit/secrets";
import { startSeqrProxy, type SeqrProxy } from "../../store/kit/seqr-proxy";
import { present } from "./ledger-contract";
import { MemoryLedger } from "./memory-ledger";

/** A store's ledger and a real client before a real SEQR, on one clock that a test turns. */
export interface World {
  context: OperationContext;
  /** Its first terminal, which is the only one unless the options name several. */
  terminal: Terminal;
  client: SeqrClient;
  ledger: MemoryLedger;
  sandbox: RunningSandbox<TurnableClock>;
  /** Between client and SEQR, if it was wanted. */
  proxy: SeqrProxy | undefined;
  /** What was logged, with its level. */
  log: string[];
  now(): Date;
  /** Turns the clock. */
  pass(seconds: number): void;
  /** What SEQR was asked and answered since the beginning or the last call: `sendInvoice 0`. */
  asked(): string[];
  /** The invoice as the ledger has it now. */
  row(invoice: InvoiceRecord): Promise<InvoiceRecord>;
  /** Takes a step, as another process would. */
  move(invoice: InvoiceRecord, to: InvoiceState, patch?: InvoicePatch): Promise<InvoiceRecord>;
  issue(more?: Partial<IssueInput>): Promise<IssuedInvoice>;
  /** An issued invoice that was paid, observed and brought to a state after that. @param terminal in a store with several */
  paid(state?: InvoiceState, terminal?: string): Promise<InvoiceRecord>;
  /** SEQR goes away: nothing can connect to it any more. */
  unplug(): Promise<void>;
  /**
   * Ends it.
   *
   * @throws {Error} when a secret was logged
   */
  stop(): Promise<void>;
}

type Given = Partial<SeqrOptions> | Partial<SeveralTerminalsOptions>;

export interface WorldOptions {
  options?: Given | ((endpoint: string) => Given);
  sandbox?: SandboxOptions;
  /** Puts a middleman between client and SEQR who can change answers. */
  proxied?: boolean;
  /** The ledger is as far away as a database: a statement takes time, and one that nobody waits for is overtaken. */
  isDistant?: boolean;
}

const AFTER_PAID: Partial<Record<InvoiceState, InvoiceState[]>> = {
  captured: ["captured"],
  completed: ["captured", "completed"],
  refund_due: ["captured", "completed", "refund_due"],
  refunding: ["refunding"],
};

/** Options of two terminals at two endpoints, and the sandbox that has both. */
export const TWO_TERMINALS: WorldOptions = {
  sandbox: { terminals: [CANARY.terminal, { ...CANARY.terminal, id: "terminal_fi", currency: "EUR" }] },
  options: (endpoint) => ({
    terminalId: undefined,
    currencies: undefined,
    terminals: {
      se: { terminalId: CANARY.terminal.id, currencies: ["SEK"] },
      // To the client it is another address.
      fi: { terminalId: "terminal_fi", currencies: ["EUR"], endpoint: `${endpoint}?fi` },
    },
  }),
};

export async function startWorld({
  options = {},
  sandbox: settings = {},
  proxied = false,
  isDistant = false,
}: WorldOptions = {}): Promise<World> {
  const sandbox = await startSandbox({
    terminals: [CANARY.terminal],
    shopper: CANARY.payer,
    ...settings,
    clock: "turnable",
  });
  const proxy = proxied ? await startSeqrProxy(sandbox.endpoint) : undefined;
  const { endpoint } = proxy ?? sandbox;
  const store = resolveStore({
    endpoint,
    terminalId: CANARY.terminal.id,
    password: CANARY.terminal.password,
    backendUrl: "http://127.0.0.1:9",
    currencies: ["SEK"],
    shopName: "Nordic Goods",
    ...(typeof options === "function" ? options(endpoint) : options),
  });
  const now = (): Date => new Date(sandbox.clock.now());
  // What waits, waits in real time; what asks for the time gets the sandbox's.
  const clock: Clock = { ...systemClock, now };
  const ledger = new MemoryLedger(clock);
  const log: string[] = [];
  const logger = {
    info: (text: string) => void log.push(`info ${text}`),
    warn: (text: string) => void log.push(`warn ${text}`),
    error: (text: unknown) => void log.push(`error ${String(text)}`),
  };
  const announce = (event: MoneyEvent): void => void log.push(`${event.level} ${moneyLine(event)}`);
  const emitting = new EventEmittingLedger(isDistant ? distant(ledger) : ledger, announce);
  const terminals = openTerminals(store.terminals, {
    ledger: emitting,
    clock,
    client: { now: () => sandbox.clock.now() },
  });
  const context: OperationContext = { ledger: emitting, clock, options: store.options, terminals, logger };
  let sessions = 0;
  let seen = 0;

  const world: World = {
    context,
    terminal: terminals.first,
    client: terminals.first.client,
    ledger,
    sandbox,
    proxy,
    log,
    now,
    pass: (seconds) => sandbox.clock.advance(seconds * 1_000),
    asked: () => {
      const calls = sandbox.calls().slice(seen);
      seen += calls.length;
      return calls.map(({ operation, resultCode }) => `${operation} ${resultCode ?? "-"}`);
    },
    row: async ({ id }) => present(await ledger.find({ id })),
    move: async ({ id }, to, patch = {}) =>
      present(await ledger.transition(id, to, { state_since: now(), ...patch })),
    issue: (more = {}) => issueInvoice(context, purchase(++sessions, more)),
    paid: async (state = "paid", terminal) => {
      const { options } = terminals.named(terminal ?? terminals.first.name);
      const { invoice } = await world.issue({
        ...{ paymentCollectionId: `pay_col_paid_${sessions}`, terminal: options.providerId },
        currencyCode: present(options.currencies[0]).toLowerCase(),
      });
      await sandbox.phone.pay(present(invoice.invoice_reference ?? undefined));
      let paid = await pollPaymentStatus(context, invoice, "watch");
      for (const step of AFTER_PAID[state] ?? []) paid = await world.move(paid, step);
      world.asked();
      return paid;
    },
    unplug: async () => {
      for (const { client } of terminals.all) client.close();
      await proxy?.stop();
      await sandbox.stop();
    },
    stop: async () => {
      await world.unplug();
      const hashes = ledger.invoices.flatMap((row) => [row.token_hash, row.notification_token_hash]);
      expectNoSecrets(log.join("\n"), canarySecrets(hashes));
    },
  };
  return world;
}

/** Turns of the event loop after which a statement takes effect although others were asked for after it. */
const MOST_TURNS = 10;

/** A ledger whose statements take effect after they were asked for, the one that was asked for last first. */
function distant(ledger: MemoryLedger): MemoryLedger {
  let newest = 0;
  const arrive = async (): Promise<void> => {
    const number = ++newest;
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      await turn();
      if (number === newest) return;
    }
  };
  return new Proxy(ledger, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      return async (...given: unknown[]): Promise<unknown> => {
        await arrive();
        return own.apply(target, given) as unknown;
      };
    },
  });
}

/** What an invoice over 100 kronor is made from; each session is another one of the same purchase. */
function purchase(session: number, more: Partial<IssueInput>): IssueInput {
  const { amount = "100.00", currencyCode = "sek" } = more;
  const itemTotalAmount = { currency: currencyCode.toUpperCase(), value: amount };
  const rows = [{ itemDescription: "Coffee", itemQuantity: "1", itemTotalAmount }];
  return {
    terminal: undefined,
    sessionId: `payses_${session}`,
    paymentCollectionId: "pay_col_1",
    cartId: "cart_1",
    amount,
    currencyCode,
    rows,
    ...more,
  };
}

/** Waits until something is so: what happens over HTTP takes its own time. */
export async function eventually(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 5_000) throw new Error("it did not come to be");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
