import type { ItemRecord, PeriodRecord, ReportRowRecord } from "../../src/modules/seqr/books/books-ledger";
import { isWithoutReport, type Cause, type ItemClass } from "../../src/modules/seqr/books/book-words";
import type { Period, Transaction } from "../../src/sandbox/core/state";
import { compare, fromHundredths, subtract, sum, toHundredths } from "../../src/seqr";
import { closingsOfLost } from "./bookkeeper";
import type { Distortion } from "./distorted-reports";
import { inHundredths, sumExactly } from "./exact";
import type { Violation } from "./invariants";
import { CASH_REGISTER_TERMINAL, SECOND_TERMINAL } from "./server";
import type { World } from "./world";

/** As what each planted error has to be found. A row that was left out is missing in the next report. */
const FOUND_AS: Record<Exclude<Distortion["name"], "lost">, [ItemClass, Cause]> = {
  doubled: ["only_at_seqr", "doubled"],
  counted_twice: ["only_at_seqr", "counted_twice"],
  hundredth: ["amount_differs", "other_amount"],
  sign: ["amount_differs", "wrong_sign"],
  terminal: ["terminal_differs", "other_currency"],
};

/** Compares the books with SEQR's periods and transactions, once everything is closed, fetched and compared. */
export function violationsInBooks(world: World): Violation[] {
  return world.closesByTerminal.length > 0 ? new BooksAudit(world).all() : [];
}

class BooksAudit {
  readonly #found: Violation[] = [];
  readonly #transactions: Map<string, Transaction>;
  readonly #closed: Map<string, Period>;
  readonly #items: Map<string, ItemRecord[]>;
  readonly #rows: Map<string, ReportRowRecord[]>;
  /** What SEQR has closed whose id the shop does not know. */
  readonly #orphans: Period[];
  /** The same, and what SEQR gives no report about. */
  readonly #withoutReport: Period[];
  /** References of the ledger's payments and refunds. */
  readonly #known: Set<string | null>;

  constructor(private readonly world: World) {
    const { core, books, ledger } = world;
    const { periods, items, rows } = books.tables;
    this.#transactions = new Map(core.transactions().map((one) => [one.ersReference, one]));
    this.#closed = new Map(core.periods().map((one) => [one.id, one]));
    this.#items = groupBy(items);
    this.#rows = groupBy(rows);
    const ids = new Set(periods.map(({ transaction_period_id }) => transaction_period_id));
    this.#orphans = [...this.#closed.values()].filter(({ id }) => !ids.has(id));
    const unreported = periods.filter(({ state }) => state === "unreported");
    const unknown = new Set(unreported.map(({ transaction_period_id }) => transaction_period_id));
    this.#withoutReport = [
      ...this.#orphans,
      ...[...this.#closed.values()].filter(({ id }) => unknown.has(id)),
    ];
    this.#known = new Set([
      ...ledger.invoices.map(({ ers_reference }) => ers_reference),
      ...ledger.refunds.map(({ refund_reference }) => refund_reference),
    ]);
  }

  all(): Violation[] {
    const { periods } = this.world.books.tables;
    for (const period of periods) this.#checkEnd(period);
    this.#checkDays();
    this.#checkOrphans();
    for (const period of periods) {
      if (period.state === "reconciled") this.#checkReport(period);
      if (period.state === "reconciled" || isWithoutReport(period)) {
        this.#checkBalance(period);
        for (const item of this.#itemsOf(period)) this.#checkItem(period, item);
      }
      const planted = this.#plantedIn(period);
      if (planted && period.state === "reconciled") this.#checkPlanted(period, planted);
    }
    this.#checkNothingVanished();
    this.#checkBookings();
    return this.#found;
  }

  #checkEnd(period: PeriodRecord): void {
    const { state, due_at, lease_owner, is_open, transaction_period_id: id, terminal_id } = period;
    this.world.runContext.count(`periods_${state}`);
    const { decisions } = this.world.books.tables;
    const isAccepted = decisions.some((one) => one.period_id === period.id && one.action === "accept");
    const isAtEnd = state === "reconciled" || state === "refused" || state === "lost" || isAccepted;
    if (!isAtEnd || due_at !== null || lease_owner !== null)
      this.#violated(period, `it is still ${state} (${period.result}), and the world has come to rest`);
    if (is_open !== (isWithoutReport(period) && !isAccepted))
      this.#violated(period, `it is ${state}; listed: ${is_open}`);
    if (this.world.givenUpEarly.includes(period.id))
      this.#violated(period, "its report was late, and the shop did not wait for it");
    if (state !== "reconciled") return;
    const closed = this.#closed.get(id ?? "");
    if ((closed?.terminalId ?? null) !== terminal_id || !closed)
      this.#violated(period, `SEQR has not closed ${id}`);
  }

  /** The schedule closes each scope once a day, whatever the number of servers. */
  #checkDays(): void {
    const { books, closesByTerminal, schedule } = this.world;
    const days = books.tables.periods.flatMap((one) =>
      one.closing_day !== null && one.state !== "refused" ? `${one.scope} ${one.closing_day}` : [],
    );
    for (const one of books.tables.periods) {
      const local = one.requested_at.toLocaleString("sv-SE", { timeZone: "Europe/Stockholm" });
      if (one.closing_day !== null && local < `${one.closing_day} ${schedule?.closeAt}`)
        this.#violated(one, `the schedule has closed ${one.closing_day} at ${local}`);
    }
    // The first day of all is not closed after its midnight: SEQR or the database may have been away until then.
    const canBeMissed = schedule?.closeAt.startsWith("23") && days.length < closesByTerminal.length;
    const isOnce = new Set(days).size === days.length;
    if (!isOnce || (days.length !== closesByTerminal.length && !canBeMissed))
      this.#violated(undefined, `the schedule has closed ${days.join(", ") || "nothing"}`);
  }

  /** What SEQR has closed is known, or listed as lost. */
  #checkOrphans(): void {
    const explained = new Set([...closingsOfLost(this.world).values()].map(({ id }) => id));
    for (const { id, markedAt } of this.#orphans)
      if (!explained.has(id)) this.#violated(undefined, `SEQR closed ${id} at ${markedAt}, and nobody knows`);
  }

  /** The rows of a period are what SEQR has in it. */
  #checkReport(period: PeriodRecord): void {
    const closed = this.#closed.get(period.transaction_period_id ?? "");
    if (!closed || this.#plantedIn(period)) return;
    const all = [...this.#transactions.values()].filter((one) => isIn(closed, one) && this.#isReported(one));
    const rows = this.#rows.get(period.id) ?? [];
    const references = new Set(rows.map(({ ers_reference }) => ers_reference));
    const wanted = all.filter(({ reversed }) => !reversed);
    // SEQR reverses what nobody has asked about, perhaps after it has made its report.
    const isChanged = all.some(({ reversed }) => reversed);
    for (const { ersReference } of wanted)
      if (!references.has(ersReference)) this.#violated(period, `its report has no row for ${ersReference}`);
    if (rows.length !== references.size || (rows.length !== wanted.length && !isChanged))
      this.#violated(period, `its report has ${rows.length} rows, and SEQR ${wanted.length} transactions`);
    for (const { ers_reference, amount } of rows)
      if (compare(amount, signed(this.#transactions.get(ers_reference))) !== 0)
        this.#violated(period, `its report has ${amount} for ${ers_reference}`);
    if ((period.report_differs || period.summary_differs) && !isChanged)
      this.#violated(period, "its reports are said to differ");
  }

  #isReported({ kind }: Transaction): boolean {
    return kind === "payment" || this.world.core.settings.refundRows;
  }

  /** What is explained and what is not equals the report, to 0.00, in each currency. */
  #checkBalance(period: PeriodRecord): void {
    const items = this.#itemsOf(period);
    const rows = this.#rows.get(period.id) ?? [];
    if (items.some(({ number }, index) => number !== index + 1))
      this.#violated(period, "its items are not numbered");
    const ofRows = items.flatMap(({ row_number }) => row_number ?? []);
    if (ofRows.length !== rows.length || new Set(ofRows).size !== rows.length)
      this.#violated(period, `${rows.length} rows, and ${ofRows.length} items about rows`);
    const totals = this.world.totals.get(period.id) ?? [];
    const reported = sum(totals.map((one) => one.reported));
    if (compare(reported, sum(rows.map(({ amount }) => amount))) !== 0)
      this.#violated(period, `its items add up to ${reported}, and its rows do not`);
    for (const total of totals) {
      // Another period has what is carried to it.
      const own = items.filter((one) => one.currency_code === total.currency_code && one.carried_to === null);
      const all = sum(own.map(({ expected_amount }) => expected_amount ?? "0"));
      const differing = own.filter((item) => item.class !== "agrees").map(differenceOf);
      const difference = subtract(total.reported, total.expected);
      const classes = Object.entries(total.classes).flatMap(([name, { reported: is, expected: has }]) =>
        name === "agrees" ? [] : subtract(is, has),
      );
      const isBalanced =
        compare(all, total.expected) === 0 &&
        [total.difference, sum(differing), sum(classes)].every((one) => compare(one, difference) === 0);
      if (!isBalanced)
        this.#violated(
          period,
          `${total.currency_code}: ${total.reported} reported, ${total.expected} expected, ${sum(differing)} explained`,
        );
    }
  }

  /** Each item is true. */
  #checkItem(period: PeriodRecord, item: ItemRecord): void {
    const planted = this.#plantedIn(period);
    const { ers_reference: reference, class: itemClass, cause, row_number } = item;
    if (item.is_open) this.world.runContext.count(`open_${cause ?? ""}`);
    if (planted?.reference === reference) return;
    const transaction = this.#transactions.get(reference ?? "");
    const what = `${reference} ${item.reported_amount} / ${item.expected_amount} is ${itemClass}, ${cause}`;
    const amount = row_number === null ? item.expected_amount : item.reported_amount;
    if (reference !== null && (!transaction || compare(amount ?? "0", signed(transaction)) !== 0))
      this.#violated(period, `${what}: SEQR has ${signed(transaction)}`);
    const currency = item.terminal_id === SECOND_TERMINAL.id ? "EUR" : "SEK";
    if (item.currency_code !== null && item.currency_code !== currency)
      this.#violated(period, `${what}: its currency is ${item.currency_code}`);
    const isWaiting = cause === "next_period" || cause === "lost_period" || cause === "refund_not_reported";
    const isCarried = cause === "missing" && item.carried_to !== null;
    const isRegister = item.terminal_id === CASH_REGISTER_TERMINAL.id;
    const needsNobody = itemClass === "agrees" || isWaiting || isCarried || isRegister;
    if (item.is_open === needsNobody) this.#violated(period, `${what}: open is ${item.is_open}`);
    if (!this.#isTrue(period, item, transaction)) this.#violated(period, `${what}, which is not so`);
  }

  #isTrue(period: PeriodRecord, item: ItemRecord, transaction: Transaction | undefined): boolean {
    const { ers_reference: reference, cause, kind } = item;
    const isElsewhere = this.world.elsewhere.has(transaction?.invoiceReference ?? "");
    const isReversed = transaction?.reversed === true;
    switch (item.class) {
      case "agrees":
        return this.#known.has(reference) && !isReversed && item.reported_amount === item.expected_amount;
      case "medusa_differs":
        return this.#known.has(reference) && this.#differsInMedusa(item);
      case "amount_differs":
      case "terminal_differs":
        return false;
      case "only_at_seqr":
        if (cause === "other_system") return isElsewhere || isReversed;
        if (cause === "given_back") return isReversed;
        if (cause === "counted_twice") return this.#isPlanted(cause, period, reference);
        return cause === "perhaps_unknown_refund" && kind === "refund" && !this.#known.has(reference);
      case "only_here":
        return this.#isTrueWithoutRow(period, item, transaction);
    }
  }

  #isTrueWithoutRow(
    period: PeriodRecord,
    { ers_reference: reference, cause, kind, carried_to }: ItemRecord,
    transaction: Transaction | undefined,
  ): boolean {
    const { books, core } = this.world;
    const isReported = books.tables.rows.some((row) => row.ers_reference === reference);
    if (cause === "lost_period") return isWithoutReport(period);
    if (cause === "refund_not_reported") return kind === "refund" && (reference === null || !isReported);
    if (cause === "next_period") {
      const next = books.tables.periods.find(({ id }) => id === carried_to);
      return next?.scope === period.scope && next.requested_at > period.requested_at;
    }
    // Nobody can know what a period without a report has.
    if (cause !== "missing" || isWithoutReport(period)) return false;
    const isLost = this.#withoutReport.some(
      (closed) => transaction !== undefined && isIn(closed, transaction),
    );
    const isNameless = kind === "refund" && reference === null && core.settings.refundRows;
    return isLost || isNameless || this.#isPlanted("lost", period, reference);
  }

  /** Whether a report of the scope has this error about it. */
  #isPlanted(name: Distortion["name"], { scope }: PeriodRecord, reference: string | null): boolean {
    return this.world.books.tables.periods.some((one) => {
      const planted = one.scope === scope ? this.#plantedIn(one) : undefined;
      return planted?.name === name && planted.reference === reference;
    });
  }

  /** Whether Medusa's records really say something else than SEQR. */
  #differsInMedusa({ invoice_id, refund_id, reported_amount, kind }: ItemRecord): boolean {
    const { ledger, accounts } = this.world;
    const invoice = ledger.invoices.find(({ id }) => id === invoice_id);
    const payment = accounts.paymentOfSession(invoice?.session_id ?? "");
    if (kind === "payment") {
      const captured = inHundredths(sumExactly((payment?.captures ?? []).map(({ amount }) => amount)));
      return compare(captured, reported_amount ?? "0") !== 0;
    }
    const key = ledger.refunds.find(({ id }) => id === refund_id)?.idempotency_key;
    const record = payment?.refunds.find(({ id }) => id === key);
    return !record || compare(inHundredths(record.amount), negated(reported_amount ?? "0")) !== 0;
  }

  #checkPlanted(period: PeriodRecord, { name, reference }: Distortion): void {
    const ofScope = this.world.books.tables.items.filter(({ scope }) => scope === period.scope);
    const about = ofScope.filter(({ ers_reference }) => ers_reference === reference);
    // What a lost period may have as well is not called missing.
    const isFound =
      name === "lost"
        ? about.some(({ cause, is_open }) => (cause === "missing" && is_open) || cause === "lost_period")
        : about.some(
            (item) =>
              // Of two reports that have the same payment, the plugin takes the later one for the wrong one.
              (item.period_id === period.id || name === "counted_twice") &&
              item.is_open &&
              item.class === FOUND_AS[name][0] &&
              item.cause === FOUND_AS[name][1],
          );
    const said = about.map(({ class: is, cause, is_open }) => `${is} ${cause} ${is_open}`).join("; ");
    if (!isFound) this.#violated(period, `its report has an error, ${name} ${reference}, and it is: ${said}`);
    const isCounted = name === "doubled" || name === "lost" || name === "counted_twice";
    if (isCounted && !period.summary_differs && !this.world.core.settings.refundRows)
      this.#violated(period, `its report has an error, ${name}, and is said to agree with the summary`);
  }

  /** Whoever books each period once, when the files have it, has each payment once; unless a report of SEQR has it once more. */
  #checkBookings(): void {
    const planted = [...this.world.reports.planted.values()].map(({ reference }) => reference);
    for (const { reference, periods } of this.world.bookedTwice)
      if (!planted.includes(reference))
        this.#violated(undefined, `${reference} is booked twice: with ${periods.join(" and ")}`);
  }

  /** What SEQR has and the ledger knows is in the books of each scope, also where SEQR has no report. */
  #checkNothingVanished(): void {
    const { periods, items } = this.world.books.tables;
    for (const scope of new Set(periods.map((one) => one.scope))) {
      const closed = periods.filter((one) => one.scope === scope && one.state !== "refused");
      const terminal = closed[0]?.terminal_id ?? null;
      const listed = new Set(items.flatMap((item) => (item.scope === scope ? item.ers_reference : [])));
      for (const transaction of this.#transactions.values()) {
        const { ersReference, terminalId, reversed } = transaction;
        if (reversed || !this.#known.has(ersReference) || (terminal !== null && terminal !== terminalId))
          continue;
        if (!listed.has(ersReference))
          this.#violated(undefined, `${ersReference} is in no period of ${scope}`);
      }
    }
  }

  #plantedIn({ transaction_period_id: id }: PeriodRecord): Distortion | undefined {
    return this.world.reports.planted.get(id ?? "");
  }

  #itemsOf({ id }: PeriodRecord): ItemRecord[] {
    return (this.#items.get(id) ?? []).sort((one, other) => one.number - other.number);
  }

  #violated(period: PeriodRecord | undefined, what: string): void {
    const { runContext, books } = this.world;
    const about = period ? [period.id] : books.tables.periods.map(({ id }) => id);
    const name = period ? `period ${period.id} (${period.state}, ${period.terminal ?? "shop"}): ` : "";
    this.#found.push({ what: `books: ${name}${what}`, trace: runContext.trace([...about, "seqr"]) });
  }
}

function isIn({ resellerId, terminalId, after, upTo }: Period, transaction: Transaction): boolean {
  return (
    transaction.resellerId === resellerId &&
    (terminalId === undefined || transaction.terminalId === terminalId) &&
    transaction.number > after &&
    transaction.number <= upTo
  );
}

function differenceOf({ reported_amount, expected_amount }: ItemRecord): string {
  return subtract(reported_amount ?? "0", expected_amount ?? "0");
}

function signed(transaction: Transaction | undefined): string {
  const { kind, amount } = transaction ?? { kind: "payment", amount: { value: "0" } };
  return kind === "refund" ? negated(amount.value) : amount.value;
}

function negated(amount: string): string {
  return fromHundredths(-toHundredths(amount));
}

function groupBy<Row extends { period_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.period_id, [...(groups.get(row.period_id) ?? []), row]);
  return groups;
}
