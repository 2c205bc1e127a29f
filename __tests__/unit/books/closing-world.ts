import type { Clock } from "../../../src/clock";
import { closeDuePeriods } from "../../../src/books/close-due-periods";
import { closePeriod } from "../../../src/books/close-period";
import { processDuePeriods, type ClosingContext } from "../../../src/books/process-periods";
import { openAccounts, type Scope } from "../../../src/modules/seqr/books/accounts";
import type { PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { PeriodEvent } from "../../../src/modules/seqr/books/period-events";
import type { PeriodStore } from "../../../src/modules/seqr/books/period-store";
import type { PeriodsOptions } from "../../../src/options/periods-options";
import { CANARY } from "../../store/kit/secrets";
import { present } from "../modules/ledger-contract";
import { MemoryPeriods } from "../modules/memory-periods";
import { startWorld, type World, type WorldOptions } from "../modules/seqr-world";

/** The account of the sandbox's terminals. */
export const RESELLER = { id: "public_test_shop", password: "1234" };

/** Two terminals of one account at one endpoint, in two currencies. */
export const TWO_OF_ONE_ACCOUNT: WorldOptions = {
  sandbox: { terminals: [CANARY.terminal, { ...CANARY.terminal, id: "terminal_2" }] },
  options: {
    reseller: RESELLER,
    terminals: {
      se: { terminalId: CANARY.terminal.id, password: CANARY.terminal.password, currencies: ["SEK"] },
      two: { terminalId: "terminal_2", password: CANARY.terminal.password, currencies: ["SEK"] },
    },
  },
};

/** A store that closes periods, before a real SEQR, on a clock that a test turns. */
export interface ClosingWorld {
  world: World;
  store: MemoryPeriods;
  context: ClosingContext;
  scope: Scope;
  /** The periods that were reconciled, in order, by their ids. */
  reconciled: PeriodRecord[];
  events: PeriodEvent[];
  /** What is said of the summary of the next reconciliations. */
  said: { summaryDiffers: boolean; isOutOfTime: boolean };
  /** Another process of the store: its own context, with changes. */
  server(changes?: Partial<ClosingContext>): ClosingContext;
  close(scope?: Scope): Promise<PeriodRecord>;
  /** Runs the job of a server as often as a store does, until nothing is due within so many seconds. */
  runJobs(seconds: number, context?: ClosingContext): Promise<void>;
  /** The only period, or the one with this id. */
  period(id?: string): PeriodRecord;
  /** Calls to SEQR about books since the last time: `executeReport 2`. */
  asked(): string[];
  stop(): Promise<void>;
}

export async function startClosingWorld(
  options: WorldOptions = { options: { reseller: RESELLER } },
  periods?: PeriodsOptions,
): Promise<ClosingWorld> {
  const given = options.options;
  const world = await startWorld({
    ...options,
    ...(periods && typeof given === "object" && { options: { ...given, periods } }),
  });
  const { terminals, clock, options: resolved, logger } = world.context;
  const store = new MemoryPeriods();
  let isStopped = false;
  const waits = new Set<() => void>();
  // Processes that were killed do not extend their leases after the test.
  const stoppable: Clock = {
    now: clock.now,
    schedule(milliseconds, run) {
      const cancel = isStopped ? () => undefined : clock.schedule(milliseconds, run);
      waits.add(cancel);
      return cancel;
    },
  };
  const reconciled: PeriodRecord[] = [];
  const events: PeriodEvent[] = [];
  const said = { summaryDiffers: false, isOutOfTime: false };
  const base: ClosingContext = {
    periods: store,
    accounts: openAccounts(terminals, { now: () => world.sandbox.clock.now() }),
    schedule: resolved.periods,
    clock: stoppable,
    logger,
    announce: (event) => void events.push(event),
    reconcile: async (period) => {
      reconciled.push(period);
      return { ...said };
    },
  };
  const context = base;
  const scope = present(base.accounts.scopes("shop")[0]);
  const self: ClosingWorld = {
    ...{ world, store, context, scope, reconciled, events, said },
    server: (changes = {}) => ({ ...base, ...changes }),
    close: (of = scope) => closePeriod(context, of, { actorId: "user_1", closingDay: null }),
    async runJobs(seconds, of = context) {
      for (let passed = 0; passed <= seconds; passed++) {
        await closeDuePeriods(of);
        await processDuePeriods(of);
        world.pass(1);
      }
    },
    period: (id) =>
      present(
        id === undefined ? only(store.tables.periods) : store.tables.periods.find((row) => row.id === id),
      ),
    stop: async () => {
      isStopped = true;
      for (const cancel of waits) cancel();
      for (const { client } of base.accounts.all) client.close();
      await world.stop();
    },
    asked: () => world.asked().filter((call) => /markTransactionPeriod|executeReport/.test(call)),
  };
  return self;
}

function only<T>(rows: T[]): T {
  expect(rows).toHaveLength(1);
  return present(rows[0]);
}

/** A store of which one method does not do what it should, as when a process is killed or a database is gone. */
export function broken<Name extends keyof PeriodStore>(
  store: PeriodStore,
  name: Name,
  instead: PeriodStore[Name],
): PeriodStore {
  return new Proxy(store, {
    get(target, asked) {
      const own: unknown = asked === name ? instead : Reflect.get(target, asked);
      return typeof own === "function" ? (own.bind(target) as unknown) : own;
    },
  });
}

/** A process that is killed: what it waits for never comes. */
export function killed(): Promise<never> {
  return new Promise<never>(() => undefined);
}
