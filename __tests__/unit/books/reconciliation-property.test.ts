import fc from "fast-check";
import type { ItemRecord, PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import { fromHundredths, sum } from "../../../src/seqr";
import { inMemory } from "./books-in-memory";
import { booksWorld, type BooksWorld, type GivenRow, type TerminalName } from "./books-world";

const DAY = 86_400;
const PERIODS = 4;
const SHOPS = [
  { terminal: "se", currency: "SEK" },
  { terminal: "both", currency: "SEK" },
  { terminal: "both", currency: "EUR" },
  { terminal: "fi", currency: "EUR" },
] as const;

/** A payment as the world has it. Times are seconds; `lag`: until SEQR books it, `delay`: until the plugin learns of it. */
const PAYMENT = fc.record({
  hundredths: fc.integer({ min: 2, max: 1_000_000 }),
  shop: fc.constantFrom(...SHOPS),
  day: fc.integer({ min: 0, max: PERIODS - 2 }),
  // Most of the interesting ones are paid around the closing.
  second: fc.oneof(fc.integer({ min: 0, max: DAY - 1 }), fc.integer({ min: DAY - 700, max: DAY - 1 })),
  lag: fc.integer({ min: 0, max: 600 }),
  delay: fc.integer({ min: 0, max: 20 }),
  refund: fc.option(fc.integer({ min: 1, max: 40_000 })),
});

const WORLD = fc.record({
  payments: fc.array(PAYMENT, { minLength: 3, maxLength: 25 }),
  areRefundsReported: fc.boolean(),
});
type GivenWorld = typeof WORLD extends fc.Arbitrary<infer Given> ? Given : never;

/** A transaction of SEQR, and when SEQR has booked it. */
interface Booked {
  reference: string;
  amount: string;
  terminal: TerminalName;
  currency: string;
  at: number;
}

/** Makes the ledger of a world. Gives what SEQR has booked. */
async function played(world: BooksWorld, given: GivenWorld): Promise<Booked[]> {
  const booked: Booked[] = [];
  for (const [index, { hundredths, shop, day, second, lag, delay, refund }] of given.payments.entries()) {
    const { terminal, currency } = shop;
    const at = day * DAY + second;
    const amount = fromHundredths(BigInt(hundredths));
    const paid = { reference: `p${index}`, seconds: at + delay, terminal, currency, amount };
    const invoice = await world.pay(paid);
    booked.push({ reference: `p${index}`, amount, terminal, currency, at: at + lag });
    if (refund === null) continue;
    const part = fromHundredths(BigInt(Math.ceil(hundredths / 2)));
    const refundedAt = at + refund;
    await world.refund(invoice, { reference: `r${index}`, amount: part, seconds: refundedAt + delay });
    if (given.areRefundsReported)
      booked.push({ reference: `r${index}`, amount: `-${part}`, terminal, currency, at: refundedAt + lag });
  }
  return booked.sort((one, other) => one.at - other.at);
}

const rowOf = ({ reference, amount, terminal }: Booked): GivenRow => [reference, amount, `t-${terminal}`];

/** The reports of all periods, as SEQR makes them; the last one is closed long after all. */
const reportsOf = (booked: readonly Booked[]): GivenRow[][] =>
  Array.from({ length: PERIODS }, (_, index) =>
    booked.filter(({ at }) => at >= index * DAY && at < (index + 1) * DAY).map(rowOf),
  );

async function closeAll(world: BooksWorld, reports: readonly GivenRow[][]): Promise<ItemRecord[]> {
  const periods: PeriodRecord[] = [];
  for (const [index, rows] of reports.entries()) {
    const period = await world.period(`${index}`, (index + 1) * DAY);
    periods.push(period);
    // It checks that the period balances, in each currency.
    await world.report(period, rows);
  }
  return (await Promise.all(periods.map(({ id }) => world.itemsOf(id)))).flat();
}

const openOf = (world: BooksWorld, items: readonly ItemRecord[]): string[] =>
  world.said(items.filter(({ is_open }) => is_open)).sort();

/** What the ledger has in a currency, whatever any period says. */
async function ledgerTotal(world: BooksWorld, given: GivenWorld, wanted: string): Promise<string> {
  const amounts = given.payments
    .filter(({ shop }) => shop.currency === wanted)
    .flatMap(({ hundredths, refund }) => [
      fromHundredths(BigInt(hundredths)),
      ...(refund === null ? [] : [`-${fromHundredths(BigInt(Math.ceil(hundredths / 2)))}`]),
    ]);
  return sum(amounts);
}

describe("in any world", () => {
  it("SEQR's reports leave no difference, and all periods together have each transaction once", async () => {
    await fc.assert(
      fc.asyncProperty(WORLD, async (given) => {
        const world = booksWorld(inMemory());
        const booked = await played(world, given);
        const items = await closeAll(world, reportsOf(booked));
        expect(openOf(world, items)).toEqual([]);
        const agreeing = items.filter((item) => item.class === "agrees");
        expect(agreeing.map((item) => item.ers_reference).sort()).toEqual(
          booked.map(({ reference }) => reference).sort(),
        );
        for (const currency of ["SEK", "EUR"]) {
          const own = items.filter((item) => item.currency_code === currency);
          const kept = own.filter((item) => item.carried_to === null);
          expect(sum(kept.map((item) => item.expected_amount ?? "0"))).toBe(
            await ledgerTotal(world, given, currency),
          );
          expect(sum(own.map((item) => item.reported_amount ?? "0"))).toBe(
            sum(booked.filter((one) => one.currency === currency).map(({ amount }) => amount)),
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  /** An error in one row: how it changes the report, and what is said of it. */
  type Error = (row: Booked) => { rows: GivenRow[]; says: string } | undefined;
  const changed = (row: Booked, change: Partial<Booked>, says: string) => ({
    rows: [rowOf({ ...row, ...change })],
    says: `${row.reference} ${says}!`,
  });
  const moved = (row: Booked, hundredths: bigint): Booked["amount"] =>
    sum([row.amount, fromHundredths(hundredths)]);
  const ERRORS: Record<string, Error> = {
    doubled: (row) => ({
      rows: [rowOf(row), rowOf(row)],
      says: `${row.reference} only_at_seqr/doubled!`,
    }),
    lost: (row) =>
      // Refunds are missed only where reports have some, and nothing is missed before the first report.
      row.reference.startsWith("r") || row.at < DAY
        ? undefined
        : { rows: [], says: `${row.reference} only_here/missing!` },
    "a hundredth more": (row) => changed(row, { amount: moved(row, 1n) }, "amount_differs/other_amount"),
    "a hundredth less": (row) =>
      row.amount === "-0.01"
        ? undefined
        : changed(row, { amount: moved(row, -1n) }, "amount_differs/other_amount"),
    "of the wrong sign": (row) =>
      changed(
        row,
        { amount: row.amount.startsWith("-") ? row.amount.slice(1) : `-${row.amount}` },
        "amount_differs/wrong_sign",
      ),
    "of another terminal": (row) =>
      row.currency === "SEK"
        ? changed(row, { terminal: row.terminal === "se" ? "both" : "se" }, "terminal_differs/other_terminal")
        : undefined,
    "of a terminal with another currency": (row) =>
      changed(row, { terminal: row.currency === "SEK" ? "fi" : "se" }, "terminal_differs/other_currency"),
  };

  it.each(Object.keys(ERRORS))("a row that is %s is named so, and nothing else is", async (name) => {
    await fc.assert(
      fc.asyncProperty(WORLD, fc.nat(), async (given, chosen) => {
        const world = booksWorld(inMemory());
        const booked = await played(world, given);
        const row = booked[chosen % booked.length];
        const error = row && ERRORS[name]?.(row);
        fc.pre(error !== undefined);
        const reports = reportsOf(booked).map((rows) =>
          rows.flatMap((one) => (one[0] === row?.reference ? (error?.rows ?? []) : [one])),
        );
        expect(openOf(world, await closeAll(world, reports))).toEqual([error?.says]);
      }),
      { numRuns: 25 },
    );
  });

  it("a period that SEQR counts twice is named row by row", async () => {
    await fc.assert(
      fc.asyncProperty(WORLD, fc.integer({ min: 0, max: PERIODS - 2 }), async (given, chosen) => {
        const world = booksWorld(inMemory());
        const reports = reportsOf(await played(world, given));
        const twice = reports[chosen] ?? [];
        fc.pre(twice.length > 0);
        reports[chosen + 1]?.push(...twice);
        expect(openOf(world, await closeAll(world, reports))).toEqual(
          twice.map(([reference]) => `${reference} only_at_seqr/counted_twice!`).sort(),
        );
      }),
      { numRuns: 25 },
    );
  });
});
