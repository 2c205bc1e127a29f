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
import type { Accounts } from "./accounts";
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
}

/** The second terminal, at an endpoint of its own, which the shops of some worlds have. */
export const SECOND_TERMINAL = {
  id: "second_terminal",
  name: "fi",
  endpoint: "https://fi.seqr.example/soap",
};
const FIRST_NAME = "seqr";

const WATCH_EVERY = 1_000;
const RECONCILE_EVERY = 60_000;
const SEND_RECEIPTS_EVERY = 5_000;

/** A Medusa server process, from its start to its end, with the plugin in it: the real plugin, a model of Medusa. */
export class Server {
  readonly process: SimulatedProcess;
  readonly seqr: OperationContext;
  readonly medusa: Medusa;
  readonly context: ProcessingContext;
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
    const store = resolveStore({
      endpoint: "https://seqr.example/soap",
      ...(hasSecond ? { terminals: { [FIRST_NAME]: first, [secondName]: second } } : first),
      backendUrl: "https://shop.example",
      currencies: ["SEK"],
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
    const terminals = openTerminals(store.terminals, {
      ledger,
      clock,
      client: {
        transport: new FaultyTransport(runContext, around.core, process, around.isSeqrDown, {
          isHanging: (url) => url === endpoint && around.isSecondHanging(),
          terminal: secondName,
        }),
        now: () => runContext.timeline.now(),
      },
    });
    this.seqr = { ledger, clock, options: store.options, terminals, logger };
    const query = new ModelQuery(accounts, process);
    const providers = terminals.all.map(
      ({ name: terminal }) => new SeqrPaymentProvider({ seqr: { context: this.seqr }, query }, { terminal }),
    );
    this.medusa = new Medusa(runContext, accounts, process, providers, this.seqr, around.paidAtSeqr);
    this.context = { seqr: this.seqr, store: this.medusa.store, logger };
    this.medusa.listen(this.context);
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
