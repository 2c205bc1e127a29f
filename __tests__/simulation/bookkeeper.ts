import { closePeriod } from "../../src/books/close-period";
import { retryPeriod } from "../../src/books/retry-period";
import { selectPeriods } from "../../src/books/export/exported-period";
import { BOOKED_WITHOUT_REPORT, isWithoutReport } from "../../src/modules/seqr/books/book-words";
import type { ItemRecord, PeriodRecord } from "../../src/modules/seqr/books/books-ledger";
import { MemoryBooks } from "../unit/books/memory-books";
import type { Period } from "../../src/sandbox/core/state";
import type { Server } from "./server";
import type { World } from "./world";

/** Milliseconds after the request within which SEQR closes a period, if it ever does: the message may arrive late. */
const ARRIVED_BY_THEN = 60_000;

/** Begins an id that somebody has entered wrongly. */
const WRONG = "wrong-";

/**
 * Whoever keeps the books of the shop: closes periods by hand, asks SEQR's support for ids of lost ones, accepts that there is no report, and
 * books each period once, as soon as the files have it.
 */
export class Bookkeeper {
  /** The periods that are booked. */
  readonly #booked = new Set<string>();
  /** In which of them each payment and refund is, by scope and reference. */
  readonly #bookedIn = new Map<string, string>();

  constructor(private readonly world: World) {}

  /** Closes a period now and then, at times on two servers at once. */
  start(): void {
    const { world } = this;
    const { random, timeline } = world.runContext;
    timeline.after(random.between(10_000, 40_000), () => {
      if (world.runContext.weather.isOver) return;
      if (world.runContext.happens("closes")) void this.#close();
      if (world.runContext.happens("closes") && random.chance(0.5)) void this.#close();
      this.start();
    });
  }

  /** Closes everything that can be closed, as long as it takes. */
  async closeAll(): Promise<void> {
    for (const terminal of this.world.closesByTerminal) {
      for (let tries = 0; tries < 10; tries++) {
        const closed = await this.#closeScope(terminal);
        if (closed?.state === "marked") break;
        await this.world.sleep(5_000);
      }
    }
  }

  /** SEQR's support names the id of a lost period; or the period was not closed, and there is none. At times it is entered wrongly. */
  async askSupport(): Promise<void> {
    const { world } = this;
    const { random } = world.runContext;
    const closings = closingsOfLost(world);
    for (const period of world.books.tables.periods.filter(
      ({ state, is_open }) => state === "lost" && is_open,
    )) {
      if (random.chance(0.4)) continue;
      const found = closings.get(period.id);
      if (!found) continue;
      world.runContext.count("periods_found");
      await this.#retry(period.id, random.chance(0.3) ? `${WRONG}${period.id}` : found.id);
    }
  }

  /** What was entered wrongly is corrected. */
  async correctIds(): Promise<void> {
    const { world } = this;
    const closings = closingsOfLost(world);
    for (const period of world.books.tables.periods) {
      if (period.transaction_period_id !== `${WRONG}${period.id}`) continue;
      world.runContext.count("periods_corrected");
      await this.#retry(period.id, closings.get(period.id)?.id);
    }
  }

  /** Some periods have no report, and somebody accepts that. */
  async acceptSome(): Promise<void> {
    const { world } = this;
    for (const { id, state, is_open, transaction_period_id } of world.books.tables.periods) {
      const isWrong = transaction_period_id?.startsWith(WRONG) === true;
      if (!isWithoutReport({ state }) || !is_open || isWrong || world.runContext.random.chance(0.5)) continue;
      world.runContext.count(`periods_accepted_${state}`);
      const decision = {
        ...{ period_id: id, kind: `period_${state}`, subject: "", action: "accept", actor_id: "user_1" },
        ...{ reason: "there is none", decided_at: new Date(world.runContext.timeline.now()) },
      };
      await world.books.periods.decide(decision, { state, is_open }, { is_open: false });
    }
  }

  /** SEQR has the reports after all, and those that nobody has done without are fetched. */
  async fetchUnreported(): Promise<void> {
    this.world.reports.release();
    for (const { id, state, is_open } of this.world.books.tables.periods)
      if (state === "unreported" && is_open) await this.#retry(id);
  }

  /** Books every period that the files have by now, as they are: what is booked stays booked. */
  async book(): Promise<void> {
    const { world } = this;
    const { periods, items } = world.books.tables;
    const selected = await selectPeriods(new MemoryBooks(periods, items), { from: undefined, to: undefined });
    for await (const { id, scope } of selected.periods) {
      if (this.#booked.has(id)) continue;
      this.#booked.add(id);
      world.runContext.count("periods_booked");
      for (const item of items) {
        const isBooked = item.row_number !== null ? item.expected_amount !== null : isInBooks(item);
        if (item.period_id !== id || item.ers_reference === null || !isBooked) continue;
        const key = `${scope} ${item.ers_reference}`;
        const other = this.#bookedIn.get(key);
        if (other !== undefined)
          world.bookedTwice.push({ reference: item.ers_reference, periods: [other, id] });
        this.#bookedIn.set(key, id);
      }
    }
  }

  /** Has all reports fetched and compared again, the oldest first. */
  async fetchAgain(): Promise<void> {
    const { world } = this;
    for (const { id, state } of world.books.tables.periods) if (state === "reconciled") await this.#retry(id);
  }

  #retry(id: string, transactionPeriodId?: string): Promise<PeriodRecord | undefined> {
    return this.world.request("retry", ({ books }) =>
      present(books?.context, (context) =>
        retryPeriod(context, id, { transactionPeriodId, actorId: "user_1" }),
      ),
    );
  }

  async #close(): Promise<void> {
    const { closesByTerminal, runContext } = this.world;
    await this.#closeScope(closesByTerminal[runContext.random.between(0, closesByTerminal.length - 1)]);
  }

  #closeScope(terminal: string | undefined): Promise<PeriodRecord | undefined> {
    this.world.runContext.count("closings_by_hand");
    return this.world.request("close", ({ books }: Server) =>
      present(books, ({ context, accounts }) =>
        closePeriod(context, accounts.scope(terminal === undefined ? {} : { terminal }), {
          actorId: "user_1",
          closingDay: null,
        }),
      ),
    );
  }
}

/**
 * What SEQR has closed upon each request whose answer is lost, by period. A request may arrive later than the next one; each explains one
 * closing.
 */
export function closingsOfLost({ core, books }: Pick<World, "core" | "books">): Map<string, Period> {
  const { periods } = books.tables;
  const known = new Set(periods.map(({ transaction_period_id }) => transaction_period_id));
  const lost = periods.filter(
    ({ state, transaction_period_id: id }) => state === "lost" || id?.startsWith(WRONG) === true,
  );
  const found = new Map<string, Period>();
  for (const closing of core.periods().filter(({ id }) => !known.has(id))) {
    const cause = lost.find(({ id, terminal_id, requested_at }) => {
      const waited = closing.markedAt - requested_at.getTime();
      const isOfScope = terminal_id === (closing.terminalId ?? null);
      return !found.has(id) && isOfScope && waited >= 0 && waited <= ARRIVED_BY_THEN;
    });
    if (cause) found.set(cause.id, closing);
  }
  return found;
}

function isInBooks({ carried_to, cause }: ItemRecord): boolean {
  return carried_to === null && cause !== null && BOOKED_WITHOUT_REPORT.includes(cause);
}

function present<T, R>(value: T | undefined, use: (value: T) => Promise<R>): Promise<R> {
  if (value === undefined) throw new Error("this shop keeps no books");
  return use(value);
}
