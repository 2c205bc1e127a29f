import { DEFAULT_SETTINGS, type Settings } from "../../src/sandbox/core/settings";
import { countingIds } from "../../src/sandbox/core/ids";
import { Sandbox } from "../../src/sandbox/core/sandbox";
import type { Transaction } from "../../src/sandbox/core/state";
import type { InvoiceState } from "../../src/modules/seqr/public";
import { compare } from "../../src/seqr";
import { PUBLIC_TEST_TERMINAL } from "../../src/sandbox/options";
import { listAttention } from "../../src/attention/attention-list";
import type { AdminSeqrAttentionItem } from "../../src/http-types";
import type { PeriodTotals } from "../../src/modules/seqr/books/reconciliation-store";
import type { ResolvedPeriods } from "../../src/options/periods-options";
import { handleNotification } from "../../src/processing/handle-notification";
import { Accounts } from "./accounts";
import { Clerk, PAGE, type Closed, type Kept, type Verdict } from "./clerk";
import { violationsOf, type Violation } from "./invariants";
import { KINDS, type Kind } from "./kinds";
import { NotingLedger } from "./noting-ledger";
import { Random } from "./random";
import { Bookkeeper } from "./bookkeeper";
import { Books } from "./books";
import { DistortedReports, NOT_READY } from "./distorted-reports";
import { OtherSystem } from "./other-system";
import {
  CASH_REGISTER_TERMINAL,
  RESELLER,
  SECOND_TERMINAL,
  Server,
  TERMINAL_NAMES,
  type Surroundings,
} from "./server";
import { Shopper } from "./shopper";
import { RunContext } from "./run-context";
import { Staff } from "./staff";
import { clear, WEATHERS, type Weather } from "./weather";
import { Wishes } from "./wishes";
import { findByToken } from "../../src/modules/seqr/ledger/find-invoice";

/** Noon of a day without a change of the clocks. */
const START = Date.UTC(2026, 4, 20, 10);
/**
 * Nights in which books are kept, in Sweden's time: shortly before midnight; and the hour before the clocks go back, which
 * comes a second time.
 */
const NIGHTS = [
  { start: Date.UTC(2026, 4, 20, 21, 58), closings: ["23:58", "23:59", "00:00", "00:01"], goesOn: 0 },
  { start: Date.UTC(2026, 4, 20, 21, 58), closings: ["23:59", "00:00", "00:02"], goesOn: 0 },
  { start: Date.UTC(2026, 9, 25, 0, 28), closings: ["02:29", "02:30", "02:31"], goesOn: 4_200_000 },
];
/** Milliseconds in which the shoppers of one payment come, on average. */
const ARRIVAL = 800;
/** Milliseconds that a world may take to finish its work, once nothing fails any more. */
const PATIENCE = 4 * 3_600_000;
const LOOK_EVERY = 30_000;
/** Calls of SEQR's service per payment after which a world is given up: something asks without end. */
const CALLS = 30;
/** Milliseconds until every job has found whatever was begun before. */
const JOBS_RUN = 720_000;
/** The same for what was begun by the last decision. */
const DECISIONS_END = 240_000;
/** The same for periods: a process that closes one has its lease for minutes. */
const PERIODS_END = 300_000;
/** How often the attention list is read at the end, until nothing was going on meanwhile. */
const READS = 100;
/** Seconds after which a reservation has not lapsed yet when a world ends. */
const LAPSES_BY_THEN = 3_600;
/** What takes its time where many jobs and people are at the same thing: races need a course. */
const MUCH_AT_ONCE = { slow: 0.3, stalled: 0.01 };

/** States of an invoice whose money is to become an order, as far as is known. */
const GOES_ON: readonly InvoiceState[] = ["open", "paid", "captured", "completed"];

/** What came of a world. */
export interface Outcome {
  counts: ReadonlyMap<string, number>;
  violations: Violation[];
  /** The same for every run of the same seed. */
  hash: number;
  weather: string;
  kind: string;
}

/**
 * A shop on several servers, its shoppers, their phones, its staff and SEQR, all on one clock and by one seed. Runs
 * until everybody is done and, after that without any faults, until the shop has nothing left to do.
 */
export class World {
  readonly runContext: RunContext;
  readonly accounts = new Accounts();
  readonly core: Sandbox;
  readonly ledger: NotingLedger;
  /** The attention list when the world has come to rest: its pages one after the other, as staff see them. */
  readonly list: AdminSeqrAttentionItem[] = [];
  readonly lifetime: number;
  /** Invoices that were unacknowledged at some time. */
  readonly unacknowledged = new Set<string>();
  /** Invoices of which SEQR's notification of a payment has reached a server. */
  readonly announced = new Set<string>();
  /** What staff wanted to give back, and what they said of refunds of unknown outcome. */
  readonly wishes = new Wishes();
  readonly verdicts: Verdict[] = [];
  readonly closed: Closed[] = [];
  readonly kept: Kept[] = [];
  /** What staff have captured, as they were answered. */
  readonly confirmedCaptures: { paymentId: string; amount: string }[] = [];
  /** Invoices of which it was said that their reservation lapses soon. */
  readonly warned = new Set<string>();
  /** Invoices of another system of the merchant. */
  readonly elsewhere = new Set<string>();
  readonly books: Books;
  readonly reports: DistortedReports;
  /** Periods whose report was only late when the shop gave it up. */
  readonly givenUpEarly: string[] = [];
  /** What somebody who books each period once has booked twice. */
  readonly bookedTwice: { reference: string; periods: string[] }[] = [];
  /** What each period comes to at the end, by its id. */
  readonly totals = new Map<string, PeriodTotals[]>();
  /** The names of the terminals whose periods are closed; one that is empty where the shop's are; none where no books are kept. */
  readonly closesByTerminal: readonly (string | undefined)[];
  /** When days end in the books; undefined where none are kept. */
  readonly schedule: ResolvedPeriods | undefined;
  readonly #goesOn: number;
  #servers: Server[] = [];
  readonly #names: string[] = [];
  #downUntil = 0;
  #secondHangsUntil = 0;
  /** The first terminal's password, for servers that have got another one. */
  readonly #passwords = new Map<string, string>();
  #transactions: { at: number; all: readonly Transaction[] } | undefined;

  constructor(seed: number, weather: Weather = WEATHERS[0] as Weather, kind: Kind = KINDS[0] as Kind) {
    const random = new Random(seed);
    const slow = Math.max(weather.slow, MUCH_AT_ONCE.slow);
    const today = kind.together ? { ...weather, ...MUCH_AT_ONCE, slow } : weather;
    // Worlds without books are not to differ by one throw of the dice.
    const night = kind.periods === "" ? undefined : NIGHTS[random.between(0, NIGHTS.length - 1)];
    const runContext = (this.runContext = new RunContext(night?.start ?? START, random, today, kind));
    const { timeline } = runContext;
    this.#goesOn = night?.goesOn ?? 0;
    this.schedule =
      night && kind.periods !== ""
        ? {
            closeAt: night.closings[random.between(0, night.closings.length - 1)] ?? "00:00",
            timeZone: "Europe/Stockholm",
            scope: kind.periods,
          }
        : undefined;
    this.closesByTerminal =
      kind.periods === "terminal" ? TERMINAL_NAMES : kind.periods === "shop" ? [undefined] : [];
    this.lifetime = random.between(60, 120);
    this.ledger = new NotingLedger({ now: () => new Date(timeline.now()) });
    this.books = new Books(this.ledger);
    this.reports = new DistortedReports(runContext, () => this.ledger.invoices);
    const keepsBooks = this.schedule !== undefined;
    this.core = new Sandbox({
      clock: { now: () => timeline.now(), at: (time, run) => timeline.at(time, run) },
      ids: countingIds(),
      notify: ({ url }) => this.#deliver(url),
      settings: {
        ...DEFAULT_SETTINGS,
        ...notifiedIn(kind),
        refunds: random.chance(0.05) ? "forbidden-to-shop" : "allowed",
        ...(keepsBooks && {
          refundRows: random.chance(0.5),
          // Reports are not ready for a while, or for so long that they are asked for again and again.
          reportReadyAfter: random.between(1, random.chance(0.3) ? 120_000 : 6_000),
        }),
      },
      resellers: [{ ...RESELLER, name: "S", currency: "SEK" }],
      terminals: [
        PUBLIC_TEST_TERMINAL,
        { ...PUBLIC_TEST_TERMINAL, id: SECOND_TERMINAL.id, ...(keepsBooks && { currency: "EUR" }) },
        { ...PUBLIC_TEST_TERMINAL, ...CASH_REGISTER_TERMINAL },
      ],
    });
  }

  async run(payments: number): Promise<Outcome> {
    const { runContext } = this;
    const { random, timeline } = runContext;
    const weather = runContext.weather.name;
    runContext.count(`weather_${weather.replace(" ", "_")}`);
    runContext.count(`kind_${runContext.kind.name}`);
    for (let number = 1; number <= random.between(2, 3); number++) {
      this.#names.push(`server ${number}`);
      this.#boot(`server ${number}`, 1);
    }
    this.#outages();
    if (runContext.kind.decides)
      for (const name of ["clerk 1", "clerk 2"]) new Clerk(this, name).start(100_000);
    if (runContext.happens("moves"))
      timeline.after(random.between(20_000, payments * ARRIVAL), () => this.#move());
    if (runContext.happens("restores"))
      timeline.after(random.between(20_000, payments * ARRIVAL), () => this.#backUp());
    if (runContext.happens("forbidden")) this.#forbidRefunds();
    if (runContext.kind.hangs > 0) this.#hangs();
    if (runContext.happens("rotates"))
      timeline.after(random.between(20_000, payments * ARRIVAL), () => this.#rotatePassword());
    if (this.schedule) this.#keepBooks(payments);
    let busy = payments;
    for (let number = 0; number < payments; number++) {
      timeline.after(random.between(1, payments * ARRIVAL), () => {
        this.#visit().finally(() => void (busy -= 1));
      });
    }
    await timeline.run(Infinity, () => busy === 0);
    runContext.weather = clear(runContext.weather);
    this.#downUntil = 0;
    this.#secondHangsUntil = 0;
    // Every job has run by then, also those that look for what was long ago.
    await this.#rest(JOBS_RUN, payments);
    runContext.isClosed = true;
    if (runContext.kind.decides) await this.#rest(DECISIONS_END, payments);
    if (this.schedule) await this.#finishBooks(payments);
    await this.#readList();
    const violations = violationsOf(this);
    return {
      counts: runContext.counts,
      violations,
      hash: runContext.hash,
      weather,
      kind: runContext.kind.name,
    };
  }

  #keepBooks(payments: number): void {
    const { runContext } = this;
    new Bookkeeper(this).start();
    for (let number = 0; number < payments; number++)
      if (runContext.happens("elsewhere"))
        runContext.timeline.after(
          runContext.random.between(1, payments * ARRIVAL),
          () => void new OtherSystem(this).sell(),
        );
  }

  /** Everything is closed once more, what is lost is asked for, and every report is fetched and compared again. */
  async #finishBooks(payments: number): Promise<void> {
    const { runContext } = this;
    const bookkeeper = new Bookkeeper(this);
    const steps = [
      () => bookkeeper.book(),
      () => bookkeeper.closeAll(),
      () => bookkeeper.askSupport(),
      () => bookkeeper.acceptSome(),
      () => bookkeeper.book(),
      () => bookkeeper.closeAll(),
      () => bookkeeper.book(),
      () => bookkeeper.correctIds(),
      () => bookkeeper.fetchUnreported(),
      () => bookkeeper.book(),
      () => bookkeeper.fetchAgain(),
      () => bookkeeper.book(),
    ];
    const rest = (least: number): Promise<void> => this.#rest(least, payments, () => this.#areBooksQuiet());
    await rest(Math.max(this.#goesOn, PERIODS_END));
    for (const step of steps) {
      let isDone = false;
      runContext.timeline.after(1, () => void step().finally(() => void (isDone = true)));
      await runContext.timeline.run(Infinity, () => isDone);
      await rest(PERIODS_END);
    }
    for (const { id } of this.books.tables.periods)
      this.totals.set(id, await this.books.reconciliations.totalsOf(id));
  }

  /** Goes on for a while, and then until there is nothing left to do. */
  async #rest(least: number, payments: number, isQuiet = () => this.#isQuiet()): Promise<void> {
    const { timeline } = this.runContext;
    const begun = timeline.now();
    const isDone = (): boolean => timeline.now() >= begun + least && isQuiet();
    do await timeline.run(timeline.now() + LOOK_EVERY);
    while (!isDone() && timeline.now() < begun + PATIENCE && this.#calls() < CALLS * payments);
  }

  /** Page by page, as the admin does, for as long as there should be more; anew when a job began something meanwhile. */
  async #readList(): Promise<void> {
    const { timeline } = this.runContext;
    const read = async (): Promise<void> => {
      this.list.length = 0;
      for (let offset = 0, count = 1; offset < count; offset += PAGE) {
        const page = await this.request("list", ({ context }) =>
          listAttention(context, { limit: PAGE, offset }),
        );
        this.list.push(...(page?.attention_items ?? []));
        count = page?.count ?? 0;
      }
    };
    for (let reads = 0; reads === 0 || (reads < READS && !this.#isQuiet()); reads++) {
      let isRead = false;
      timeline.after(1, () => void read().finally(() => void (isRead = true)));
      await timeline.run(Infinity, () => isRead);
    }
  }

  /** One of the servers that are up, as a load balancer would choose it. */
  server(): Server | undefined {
    return this.#servers[this.runContext.random.between(0, this.#servers.length - 1)];
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.runContext.timeline.after(milliseconds, resolve));
  }

  /**
   * Sends a request to one of the servers, and waits half a minute for its answer.
   *
   * @returns what came of it; undefined when it failed or never came
   */
  async request<T>(name: string, ask: (server: Server) => Promise<T>): Promise<T | undefined> {
    const server = this.server();
    if (!server) return undefined;
    const answer = ask(server).catch((error: unknown) => {
      this.runContext.count(`refused_${(error as { code?: string }).code ?? "other"}`);
      return undefined;
    });
    let cancel: () => void = () => undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      cancel = this.runContext.timeline.after(30_000, () => resolve(undefined));
    });
    const result = await Promise.race([answer, tooLate]);
    cancel();
    return result;
  }

  /** SEQR's transactions as they are now, or were a moment ago. */
  transactions(): readonly Transaction[] {
    const at = this.runContext.timeline.now();
    if (this.#transactions?.at !== at) this.#transactions = { at, all: this.core.transactions() };
    return this.#transactions.all;
  }

  /** What SEQR says of a refund that somebody asks about: until its outcome is known there is no later one. */
  isRefundMade(
    invoiceId: string,
    { amount, requested_at }: { amount: string; requested_at: string },
  ): boolean {
    const invoice = this.ledger.invoices.find(({ id }) => id === invoiceId);
    return this.transactions().some(
      (made) =>
        made.kind === "refund" &&
        made.refundOf === invoice?.ers_reference &&
        made.at >= Date.parse(requested_at) &&
        compare(made.amount.value, amount) === 0,
    );
  }

  /** SEQR's refusal of a refund is final for the plugin; a person refunds the payment by bank, and then SEQR allows it. */
  #forbidRefunds(): void {
    const { settings } = this.core;
    settings.refunds = "forbidden-to-shop";
    this.runContext.timeline.after(this.runContext.random.between(300_000, 700_000), () => {
      settings.refunds = "allowed";
      this.runContext.note("seqr", "refunds are allowed");
      this.runContext.count("refunds_allowed_late");
    });
  }

  /** The shop gets another terminal: SEQR does not tell it of earlier invoices any more. */
  #move(): void {
    this.runContext.count("terminal_moves");
    this.runContext.trouble();
    this.runContext.note("seqr", "another terminal");
    for (const { invoice_reference } of this.ledger.invoices)
      if (invoice_reference !== null) this.runContext.moved.add(invoice_reference);
  }

  /** A copy of the database is made, and some time later the database is lost and restored from it. */
  #backUp(): void {
    const { runContext, accounts, ledger } = this;
    const { timeline } = runContext;
    const copies = [accounts.copy(), ledger.copy()] as const;
    const since = timeline.now();
    timeline.after(runContext.random.between(30_000, 180_000), () => {
      if (runContext.weather.isOver) return;
      for (const { process } of this.#servers) process.die();
      // What was asked for since the copy may still be on its way, and SEQR does it after the restoration.
      const asked = ledger.refunds.filter(({ requested_at }) => requested_at.getTime() >= since);
      const about = new Set(asked.map(({ invoice_id }) => invoice_id));
      for (const { id, invoice_reference } of ledger.invoices)
        if (about.has(id) && invoice_reference !== null) runContext.lost.add(invoice_reference);
      // A refund of before the copy may belong to a cancellation of after it, of which nothing is known then.
      const forgotten = [...accounts.orders.values()].filter(
        ({ id, canceled }) => canceled && copies[0].orders.get(id)?.canceled === false,
      );
      const collections = new Set(
        forgotten.flatMap(({ id }) => accounts.collectionsOf(id).map((one) => one.id)),
      );
      for (const { payment_collection_id, invoice_reference } of ledger.invoices)
        if (collections.has(payment_collection_id) && invoice_reference !== null)
          runContext.lost.add(invoice_reference);
      accounts.restore(copies[0]);
      ledger.restore(copies[1]);
      runContext.count("ledgers_restored");
      this.announced.clear();
      runContext.note("seqr", `the shop is restored as it was at ${since}`);
      for (const { invoiceReference, issuedAt } of this.core.invoices())
        if (issuedAt >= since) runContext.lost.add(invoiceReference);
      for (const { kind, at, invoiceReference } of this.transactions())
        if (kind === "refund" && at >= since) runContext.lost.add(invoiceReference);
    });
  }

  #paidAtSeqr(collectionId: string, since: number): string | undefined {
    return this.ledger.invoices.find((invoice) => {
      if (invoice.payment_collection_id !== collectionId || !GOES_ON.includes(invoice.state)) return false;
      const { stage, history = [], payment } = this.core.invoice(invoice.invoice_reference ?? "") ?? {};
      const isPaid = stage === "paid" || stage === "acknowledged";
      const at = history.find(({ event }) => event === "debit")?.at ?? Infinity;
      return isPaid && at <= since && payment !== undefined;
    })?.id;
  }

  async #visit(): Promise<void> {
    const shopper = new Shopper(this);
    await shopper.visit();
    await new Staff(this).lookAfter(shopper.collectionId);
  }

  #boot(name: string, delay: number): void {
    const { runContext, accounts, ledger, core, lifetime } = this;
    runContext.timeline.after(delay, () => {
      const around: Surroundings = {
        ...{ runContext, accounts, ledger, core, lifetime },
        isSeqrDown: () => runContext.timeline.now() < this.#downUntil,
        isAnythingDue: () => this.#isDue(this.ledger.invoices),
        isReceiptDue: () => this.#isDue(this.ledger.receipts),
        isSecondHanging: () => runContext.timeline.now() < this.#secondHangsUntil,
        password: this.#passwords.get(name) ?? PUBLIC_TEST_TERMINAL.password,
        ...{ books: this.books, schedule: this.schedule, reports: this.reports },
        toldOfPeriod: (event, data) => {
          const { id, state, problem, transaction_period_id, differences = 0 } = data;
          runContext.note(id, `${name} ${event} ${state} ${differences}`);
          runContext.count(event.slice("seqr.".length));
          const isLate = state === "unreported" && problem === `SEQR_${NOT_READY}`;
          const isMade = this.core.periods().some((one) => one.id === transaction_period_id);
          if (isLate && isMade && !this.reports.isWithheld(transaction_period_id ?? ""))
            this.givenUpEarly.push(id);
        },
        paidAtSeqr: (collectionId, since) => this.#paidAtSeqr(collectionId, since),
        told: ({ name: event, data }) => {
          const { invoice_id, state, reason, problem, amount } = data;
          runContext.note(invoice_id, `${name} ${event} ${state} ${reason} ${problem} ${amount}`);
          runContext.count(event.slice("seqr.".length));
          if (event === "seqr.reservation.lapses_soon" || event === "seqr.capture.failed")
            this.warned.add(invoice_id);
          if (state === "unacknowledged") this.unacknowledged.add(invoice_id);
          if (event === "seqr.payment.reversed" && state !== "canceled")
            runContext.wrong(invoice_id, `it is told to be reversed, and is ${state}`);
        },
      };
      const server: Server = new Server(around, name, () => {
        this.#servers = this.#servers.filter((other) => other !== server);
        this.#boot(name, runContext.random.between(500, 20_000));
      });
      this.#servers.push(server);
      server.start();
    });
  }

  #outages(): void {
    const { runContext } = this;
    runContext.timeline.after(60_000, () => {
      if (runContext.random.chance(runContext.weather.outage)) {
        const length = runContext.random.between(5_000, 180_000);
        this.#downUntil = runContext.timeline.now() + length;
        runContext.count("outages");
        runContext.note("seqr", `is away for ${length} ms`);
        // Also when nobody calls until then, since the plugin has noticed.
        runContext.timeline.after(length, () => runContext.trouble());
      }
      this.#outages();
    });
  }

  /** The endpoint of the second terminal takes calls and never answers, for a while. */
  #hangs(): void {
    const { runContext } = this;
    runContext.timeline.after(60_000, () => {
      if (runContext.happens("hangs")) {
        const length = runContext.random.between(20_000, 120_000);
        this.#secondHangsUntil = runContext.timeline.now() + length;
        runContext.count("hangs");
        runContext.note("seqr", `the second endpoint hangs for ${length} ms`);
      }
      this.#hangs();
    });
  }

  /** A server is restarted with another password, SEQR gets that password, and the other servers are restarted: in this order. */
  #rotatePassword(): void {
    const { runContext, core } = this;
    const { random, timeline } = runContext;
    const password = "another password";
    if (runContext.weather.isOver) return;
    runContext.count("rotations");
    runContext.note("seqr", "servers get another password");
    const restart = (name: string): void => {
      this.#passwords.set(name, password);
      this.#servers.find(({ process }) => process.name === name)?.process.die();
    };
    const [first, ...others] = this.#names;
    if (first !== undefined) restart(first);
    // Each is up again before the next step.
    let passed = random.between(25_000, 60_000);
    timeline.after(passed, () => core.putTerminal({ ...PUBLIC_TEST_TERMINAL, password }));
    for (const name of others) {
      passed += random.between(25_000, 60_000);
      timeline.after(passed, () => restart(name));
    }
  }

  /** A notification goes its way, which may be none. */
  #deliver(url: string): void {
    const { random, weather, timeline } = this.runContext;
    const token = url.split("/").pop() ?? "";
    const arrive = (from: number, to: number): void =>
      void timeline.after(random.between(from, to), () => this.#announce(token));
    const { notification: share } = weather;
    const fate = random.next();
    if (fate < share) return this.runContext.count("notifications_lost");
    arrive(20, 800);
    if (fate < 1.25 * share) {
      this.runContext.count("notifications_doubled");
      arrive(20, 5_000);
    } else if (fate < 1.5 * share) {
      this.runContext.count("notifications_late");
      arrive(2_000, 60_000);
    }
  }

  #announce(token: string): void {
    this.runContext.count("notifications");
    void this.request("notification", async (server) => {
      const invoice = await findByToken(server.seqr, "notification", token);
      if (!invoice) return;
      this.announced.add(invoice.id);
      await handleNotification(server.context, invoice);
    });
  }

  #calls(): number {
    let sum = 0;
    for (const [what, times] of this.runContext.counts) if (what.startsWith("calls_")) sum += times;
    return sum;
  }

  #isDue(rows: readonly { due_at: Date | null }[]): boolean {
    const now = this.runContext.timeline.now();
    for (const { due_at } of rows) {
      if (due_at !== null && due_at.getTime() <= now) return true;
    }
    return false;
  }

  #areBooksQuiet(): boolean {
    return this.books.tables.periods.every(
      ({ due_at, lease_owner }) => due_at === null && lease_owner === null,
    );
  }

  #isQuiet(): boolean {
    const { invoices, refunds, receipts } = this.ledger;
    const { moved, contradicting } = this.runContext;
    if (receipts.some(({ due_at }) => due_at !== null)) return false;
    if (!this.#areBooksQuiet()) return false;
    const held = new Set(
      refunds.flatMap(({ state, invoice_id }) => (state === "unknown" ? [invoice_id] : [])),
    );
    return invoices.every(
      ({ id, due_at, lease_owner, state, reservation_time, invoice_reference: reference }) =>
        (due_at === null && lease_owner === null) ||
        // Nobody captures it any more, and it lapses in days.
        (state === "awaiting_capture" && lease_owner === null && Number(reservation_time) > LAPSES_BY_THEN) ||
        held.has(id) ||
        moved.has(reference ?? "") ||
        contradicting.has(reference ?? ""),
    );
  }
}

/** SEQR tells of payments only, or of reservations too. */
function notifiedIn({ announcesReservations }: Kind): Partial<Settings> {
  const { notification } = DEFAULT_SETTINGS;
  return announcesReservations ? { notification: { ...notification, on: ["PAID", "RESERVED"] } } : {};
}
