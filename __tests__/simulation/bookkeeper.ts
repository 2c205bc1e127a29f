import { closePeriod } from "../../src/books/close-period";
import { retryPeriod } from "../../src/books/retry-period";
import type { PeriodRecord } from "../../src/modules/seqr/books/books-ledger";
import type { Period } from "../../src/sandbox/core/state";
import type { Server } from "./server";
import type { World } from "./world";

/** Milliseconds after the request within which SEQR closes a period, if it ever does: the message may arrive late. */
const ARRIVED_BY_THEN = 60_000;

/** Whoever keeps the books of the shop: closes periods by hand, and asks SEQR's support for ids of lost ones. */
export class Bookkeeper {
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

  /** SEQR's support names the id of a lost period; or the period was not closed, and there is none. */
  async askSupport(): Promise<void> {
    const { world } = this;
    const closings = closingsOfLost(world);
    for (const period of world.books.tables.periods.filter(({ state }) => state === "lost")) {
      if (world.runContext.random.chance(0.4)) continue;
      const found = closings.get(period.id);
      if (!found) continue;
      world.runContext.count("periods_found");
      await world.request("retry", ({ books }) =>
        present(books?.context, (context) =>
          retryPeriod(context, period.id, { transactionPeriodId: found.id, actorId: "user_1" }),
        ),
      );
    }
  }

  /** Has all reports fetched and compared again, the oldest first. */
  async fetchAgain(): Promise<void> {
    const { world } = this;
    for (const { id, state } of world.books.tables.periods)
      if (state === "reconciled")
        await world.request("retry", ({ books }) =>
          present(books?.context, (context) => retryPeriod(context, id, { actorId: "user_1" })),
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
  const lost = periods.filter(({ state }) => state === "lost");
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

function present<T, R>(value: T | undefined, use: (value: T) => Promise<R>): Promise<R> {
  if (value === undefined) throw new Error("this shop keeps no books");
  return use(value);
}
