import { EventEmittingLedger } from "../../src/modules/seqr/ledger/event-emitting-ledger";
import { listUnknownTerminals } from "../../src/modules/seqr/operations/list-unknown-terminals";
import { openTerminals } from "../../src/modules/seqr/operations/terminals";
import type { MoneyEvent } from "../../src/modules/seqr/ledger/money-events";
import type { Ledger } from "../../src/modules/seqr/ledger/ledger";
import { resolveStore } from "../../src/options/store-options";
import SeqrPaymentProvider from "../../src/providers/seqr/service";
import type { Sandbox } from "../../src/sandbox/core/sandbox";
import { PUBLIC_TEST_TERMINAL } from "../../src/sandbox/options";
import { reconcileCaptures } from "../../src/processing/captures/reconcile-captures";
import { reconcileRefunds } from "../../src/processing/refunds/reconcile-refunds";
import type { ProcessingContext } from "../../src/processing/processing-context";
import { watchDue } from "../../src/processing/watch";
import { sendDueReceipts } from "../../src/receipts/send-due-receipts";
import type { PeriodEventData } from "../../src/modules/seqr/books/period-events";
import type { ResolvedPeriods } from "../../src/options/periods-options";
import type { Accounts } from "./accounts";
import { ServerBooks, type Books } from "./books";
import type { DistortedReports } from "./distorted-reports";
import { SimulatedProcess, stepping } from "./simulated-process";
import { FaultyTransport } from "./faulty-transport";
import { Medusa } from "./medusa";
import { ModelQuery } from "./query";
import type { RunContext } from "./run-context";
import { NOTHING_BEGUN } from "./timeline";
import type { OperationContext } from "../../src/modules/seqr/operations/operation-context";

/** What a server needs of the world. */
export interface Surroundings {
  runContext: RunContext;
  accounts: Accounts;
  ledger: Ledger;
  core: Sandbox;
  /** Seconds that an invoice stays payable. */
  lifetime: number;
  isSeqrDown: () => boolean;
  /** Whether the endpoint of the second terminal hangs. */
  isSecondHanging: () => boolean;
  /** The password that the server is started with, for the first terminal. */
  password: string;
  /** Tells of a step of an invoice. */
  told: (event: MoneyEvent) => void;
  /** An invoice of a purchase whose money SEQR has had since a moment and which does not go back. */
  paidAtSeqr: (collectionId: string, since: number) => string | undefined;
  /** Whether any invoice is due: spares looks that would find nothing. */
  isAnythingDue: () => boolean;
  isReceiptDue: () => boolean;
  books: Books;
  /** When the days of the books end; undefined where nobody keeps them. */
  schedule: ResolvedPeriods | undefined;
  reports: DistortedReports;
  /** Tells of a period. */
  toldOfPeriod: (name: string, data: PeriodEventData) => void;
}

/** The second terminal, at an endpoint of its own, which the shops of some worlds have. */
export const SECOND_TERMINAL = {
  id: "second_terminal",
  name: "fi",
  endpoint: "https://fi.seqr.example/soap",
};
/** A terminal of the merchant that is none of the shop's. */
export const CASH_REGISTER_TERMINAL = { id: "cash_register" };
/** The merchant's account. */
export const RESELLER = { id: PUBLIC_TEST_TERMINAL.resellerId, userId: "9900", password: "secret" };
const FIRST_NAME = "seqr";
/** The names of the shop's terminals in worlds with two. */
export const TERMINAL_NAMES = [FIRST_NAME, SECOND_TERMINAL.name] as const;

const WATCH_EVERY = 1_000;
const RECONCILE_EVERY = 60_000;
const SEND_RECEIPTS_EVERY = 5_000;
const PROCESS_PERIODS_EVERY = 15_000;

/** A Medusa server process, from its start to its end, with the plugin in it: the real plugin, a model of Medusa. */
export class Server {
  readonly process: SimulatedProcess;
  readonly seqr: OperationContext;
  readonly medusa: Medusa;
  readonly context: ProcessingContext;
  readonly books: ServerBooks | undefined;
  #watching = false;
  #sending = false;

  constructor(
    private readonly around: Surroundings,
    name: string,
    died: () => void,
  ) {
    const { runContext, accounts } = around;
    const { kind } = runContext;
    const process = (this.process = new SimulatedProcess(runContext, name, died));
    const first = { terminalId: PUBLIC_TEST_TERMINAL.id, password: around.password };
    const { id: terminalId, name: secondName, endpoint } = SECOND_TERMINAL;
    const hasSecond = runContext.kind.hangs > 0;
    const second = { terminalId, endpoint, password: PUBLIC_TEST_TERMINAL.password };
    const { schedule } = around;
    const inCurrencies = {
      [FIRST_NAME]: { ...first, currencies: ["SEK"] },
      [secondName]: { ...second, endpoint: undefined, currencies: ["EUR"] },
    };
    const store = resolveStore({
      endpoint: "https://seqr.example/soap",
      ...(hasSecond && { terminals: { [FIRST_NAME]: first, [secondName]: second } }),
      ...(schedule && { terminals: inCurrencies, reseller: RESELLER, periods: { ...schedule } }),
      ...(!hasSecond && !schedule && first),
      backendUrl: "https://shop.example",
      ...(!schedule && { currencies: ["SEK"] }),
      shopName: "Nordic Goods",
      lifetime: around.lifetime,
      ...(kind.reservation > 0 && { capture: "manual", reservationTime: kind.reservation }),
      captureBeforeLapse: kind.capturesBeforeLapse,
    });
    const silent = (): void => undefined;
    const logger = {
      info: silent,
      warn: silent,
      error: (text: unknown) => runContext.note(name, `error ${String(text)}`),
    };
    const ledger = new EventEmittingLedger(stepping(around.ledger, "ledger", process), around.told);
    const { clock } = process;
    const hanging = {
      isHanging: (url: string) => url === endpoint && around.isSecondHanging(),
      terminal: secondName,
    };
    const { core, isSeqrDown, reports } = around;
    const transport = new FaultyTransport(runContext, core, process, isSeqrDown, hanging, reports);
    const terminals = openTerminals(store.terminals, {
      ...{ ledger, clock },
      client: { transport, now: () => runContext.timeline.now() },
    });
    this.seqr = { ledger, clock, options: store.options, terminals, logger };
    const query = new ModelQuery(accounts, process);
    const providers = terminals.all.map(({ name: terminal, options: { currencies } }) => ({
      provider: new SeqrPaymentProvider({ seqr: { context: this.seqr }, query }, { terminal }),
      currency_code: (currencies[0] ?? "").toLowerCase(),
    }));
    this.medusa = new Medusa(runContext, accounts, process, providers, this.seqr, around.paidAtSeqr);
    this.context = { seqr: this.seqr, store: this.medusa.store, logger };
    this.medusa.listen(this.context);
    if (!schedule) return;
    const { books, toldOfPeriod: announced } = around;
    const seqr = this.seqr;
    this.books = new ServerBooks({
      ...{ runContext, accounts, books, schedule, process, seqr, transport, announced },
    });
  }

  /** Starts what runs by itself. */
  start(): void {
    const { random, timeline, kind } = this.around.runContext;
    // Servers that a deployment has started together go on together.
    const untilMinute = RECONCILE_EVERY - (timeline.now() % RECONCILE_EVERY) + random.between(0, 20);
    const first = kind.together ? untilMinute : random.between(1, RECONCILE_EVERY);
    this.#every(WATCH_EVERY, random.between(1, WATCH_EVERY), () =>
      this.#watching || !this.around.isAnythingDue() ? undefined : this.#watch(),
    );
    this.#every(SEND_RECEIPTS_EVERY, random.between(1, SEND_RECEIPTS_EVERY), () =>
      this.#sending || !this.around.isReceiptDue() ? undefined : this.#sendReceipts(),
    );
    this.#every(RECONCILE_EVERY, first, () => this.#reconcile());
    const { books } = this;
    if (!books) return;
    const firstLook = kind.together
      ? PROCESS_PERIODS_EVERY - (timeline.now() % PROCESS_PERIODS_EVERY) + random.between(0, 20)
      : random.between(1, PROCESS_PERIODS_EVERY);
    this.#every(PROCESS_PERIODS_EVERY, firstLook, () => books.run());
  }

  /** As the job does it: a sweep that takes longer is not doubled in this process. */
  async #watch(): Promise<void> {
    this.#watching = true;
    try {
      await watchDue(this.context);
    } finally {
      this.#watching = false;
    }
  }

  /** As the job does it. A receipt says for which payment or refund it is, so that no other gets it unseen. */
  async #sendReceipts(): Promise<void> {
    this.#sending = true;
    try {
      await sendDueReceipts({
        seqr: this.seqr,
        documentOf: ({ receipt: { ers_reference } }) =>
          this.process.step("making a receipt", () => ({
            ...{ mimeType: "text/plain", receiptType: "PAYMENT_RECEIPT" },
            receiptData: Buffer.from(ers_reference),
          })),
      });
    } finally {
      this.#sending = false;
    }
  }

  /** As the job does it. */
  async #reconcile(): Promise<void> {
    const isReserving = this.around.runContext.kind.reservation > 0;
    const all = await Promise.allSettled([
      listUnknownTerminals(this.seqr),
      isReserving ? reconcileCaptures(this.context) : undefined,
      reconcileRefunds(this.context),
      this.medusa.refundRecentlyCanceledOrders(),
    ]);
    for (const one of all) if (one.status === "rejected") throw one.reason;
  }

  #every(interval: number, first: number, run: () => Promise<void> | undefined): void {
    const again = (): unknown => {
      this.process.clock.schedule(interval, again);
      // What a job throws, Medusa logs.
      return (
        run()?.catch((error: unknown) =>
          this.around.runContext.note(this.process.name, `job: ${String(error)}`),
        ) ?? NOTHING_BEGUN
      );
    };
    this.process.clock.schedule(first, again);
  }
}
