import { closeDuePeriods } from "../../src/books/close-due-periods";
import { processDuePeriods } from "../../src/books/process-periods";
import { reconcilePeriod, type Reconciliation } from "../../src/books/reconcile-period";
import type { RecordedAmounts } from "../../src/medusa/recorded-amounts";
import type { PeriodRecord } from "../../src/modules/seqr/books/books-ledger";
import { openAccounts, type Accounts as SeqrAccounts } from "../../src/modules/seqr/books/accounts";
import type { BooksContext } from "../../src/modules/seqr/books/books-context";
import type { OperationContext } from "../../src/modules/seqr/operations/operation-context";
import type { PeriodEventData } from "../../src/modules/seqr/books/period-events";
import type { ResolvedPeriods } from "../../src/options/periods-options";
import type { SoapTransport } from "../../src/seqr";
import { MemoryPeriods } from "../unit/modules/memory-periods";
import { MemoryReconciliation } from "../unit/modules/memory-reconciliation";
import type { MemoryLedger } from "../unit/modules/memory-ledger";
import type { Accounts } from "./accounts";
import { inHundredths, sumExactly } from "./exact";
import type { RunContext } from "./run-context";
import { stepping, type SimulatedProcess } from "./simulated-process";

/** The tables of the books, which all servers of a shop share. */
export class Books {
  readonly periods = new MemoryPeriods();
  readonly reconciliations: MemoryReconciliation;

  constructor(ledger: MemoryLedger) {
    this.reconciliations = new MemoryReconciliation(ledger, this.periods.tables);
  }

  get tables(): MemoryPeriods["tables"] {
    return this.periods.tables;
  }
}

/** What a server's books need of the world and of the server. */
export interface BooksSurroundings {
  runContext: RunContext;
  accounts: Accounts;
  books: Books;
  schedule: ResolvedPeriods;
  process: SimulatedProcess;
  seqr: OperationContext;
  transport: SoapTransport;
  announced: (name: string, data: PeriodEventData) => void;
}

/** The books as one server keeps them: the plugin's own code, on the shared tables. */
export class ServerBooks {
  readonly context: BooksContext;
  readonly accounts: SeqrAccounts;
  #isRunning = false;

  constructor(private readonly around: BooksSurroundings) {
    const { runContext, books, schedule, process, seqr, transport, announced } = around;
    const client = { transport, now: () => runContext.timeline.now() };
    this.accounts = openAccounts(seqr.terminals, client);
    this.context = {
      periods: stepping(books.periods, "periods", process),
      ...{ accounts: this.accounts, schedule, clock: process.clock, logger: seqr.logger },
      announce: ({ name, data }) => announced(name, data),
    };
  }

  /** As the job does it. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await closeDuePeriods(this.context);
      await processDuePeriods({ ...this.context, reconcile: (period) => this.#reconcile(period) });
    } finally {
      this.#isRunning = false;
    }
  }

  /** One transaction of the database: it is done, or it is not. */
  #reconcile(period: PeriodRecord): Promise<Reconciliation> {
    const { process, seqr, books } = this.around;
    const recordedAmounts = (ids: readonly string[]): Promise<Map<string, RecordedAmounts>> =>
      Promise.resolve(new Map(ids.flatMap((id) => this.#recorded(id))));
    return process.step("reconciliation", () =>
      reconcilePeriod({ seqr, books: books.reconciliations, recordedAmounts }, period),
    );
  }

  #recorded(sessionId: string): [string, RecordedAmounts][] {
    const payment = this.around.accounts.paymentOfSession(sessionId);
    if (!payment) return [];
    const { captures, refunds } = payment;
    const captured = captures.length > 0 ? inHundredths(sumExactly(captures.map((one) => one.amount))) : null;
    const amounts = new Map(refunds.map(({ id, amount }) => [id, inHundredths(amount)]));
    return [[sessionId, { captured, refunds: amounts }]];
  }
}
