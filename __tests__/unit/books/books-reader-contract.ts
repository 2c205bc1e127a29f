import type { ItemRecord, PeriodRecord, ReportRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { BooksReader } from "../../../src/modules/seqr/books/books-reader";
import { item, period, report } from "./records";

/** What a reader has to read. */
export interface Books {
  periods: PeriodRecord[];
  items: ItemRecord[];
  reports: ReportRecord[];
}

const closed = (day: number, more: Partial<PeriodRecord> = {}): PeriodRecord =>
  period({
    id: `seqrper_${day}`,
    requested_at: new Date(Date.UTC(2026, 0, day, 22, 55)),
    transaction_period_id: `TP${day}`,
    scope: `scope ${day}`,
    ...more,
  });

const [first, second, third] = [
  closed(11, { terminal: "se", terminal_id: "t1", reseller_id: "other" }),
  closed(12, { state: "lost", is_open: true }),
  closed(13, { state: "marked" }),
];
const refund = { kind: "refund", reported_amount: "-12.50", expected_amount: "-12.50" } as const;
const ITEMS = [
  item(second, 3, {
    class: "only_here",
    cause: "missing",
    row_number: null,
    reported_amount: null,
    is_open: true,
  }),
  item(second, 1),
  item(second, 2, refund),
  item(second, 4, {
    currency_code: "EUR",
    class: "amount_differs",
    cause: "other_amount",
    reported_amount: "124.99",
  }),
  item(second, 5, {
    ...{
      currency_code: null,
      class: "only_at_seqr",
      cause: "other_system",
      expected_amount: null,
      is_open: true,
    },
  }),
  item(first, 1, { is_open: true }),
];
const REPORTS = [
  report(second, "seqrrep_2", { fetched_at: new Date("2026-01-16T23:00:00Z"), is_current: false }),
  report(second, "seqrrep_1", { content: "\n<å>" }),
  report(first, "seqrrep_3"),
];

/** What every reader of the books has to do. */
export function describeBooksReader(name: string, make: (books: Books) => Promise<BooksReader>): void {
  describe(`${name}: the books`, () => {
    let books: BooksReader;
    beforeAll(async () => {
      books = await make({ periods: [second, first, third], items: ITEMS, reports: REPORTS });
    });

    const idsOf = async (...given: Parameters<BooksReader["listPeriods"]>): Promise<[string[], number]> => {
      const { records, count } = await books.listPeriods(...given);
      return [records.map(({ id }) => id.replace("seqrper_", "")), count];
    };
    const all = { limit: 10, offset: 0 };

    it("have periods, each as it was written", async () => {
      expect(await books.findPeriod(second.id)).toMatchObject(second);
      expect(await books.findPeriod("none")).toBeUndefined();
    });

    it("list periods newest first, or oldest first, in parts", async () => {
      expect(await idsOf({}, all)).toEqual([["13", "12", "11"], 3]);
      expect(await idsOf({}, { ...all, oldestFirst: true })).toEqual([["11", "12", "13"], 3]);
      expect(await idsOf({}, { limit: 1, offset: 1 })).toEqual([["12"], 3]);
      expect(await idsOf({}, { limit: 5, offset: 3 })).toEqual([[], 3]);
    });

    it("list periods by state, account, terminal and time", async () => {
      expect(await idsOf({ state: ["lost", "marked"] }, all)).toEqual([["13", "12"], 2]);
      expect(await idsOf({ reseller_id: "other" }, all)).toEqual([["11"], 1]);
      expect(await idsOf({ terminal: "se" }, all)).toEqual([["11"], 1]);
      expect(await idsOf({ terminal: null }, all)).toEqual([["13", "12"], 2]);
      expect(await idsOf({ from: second.requested_at }, all)).toEqual([["13", "12"], 2]);
      expect(await idsOf({ to: second.requested_at }, all)).toEqual([["11"], 1]);
      const both = { from: first.requested_at, to: third.requested_at, state: ["lost"] as const };
      expect(await idsOf(both, all)).toEqual([["12"], 1]);
    });

    it("count what needs a person", async () => {
      expect(await books.countOpenItems([first.id, second.id, third.id])).toEqual(
        new Map([
          [first.id, 1],
          [second.id, 2],
        ]),
      );
      expect(await books.countOpenItems([])).toEqual(new Map());
    });

    it("say what a period comes to, by currency", async () => {
      const totals = await books.totalsOf(second.id);
      expect(
        totals.map(({ currency_code, reported, expected, difference }) => [
          ...[currency_code, reported, expected, difference],
        ]),
      ).toEqual([
        ["EUR", "124.99", "125.00", "-0.01"],
        ["SEK", "112.50", "237.50", "-125.00"],
        [null, "125.00", "0.00", "125.00"],
      ]);
      expect(totals[1]?.classes).toEqual({
        agrees: { count: 2, open: 0, reported: "112.50", expected: "112.50" },
        only_here: { count: 1, open: 1, reported: "0.00", expected: "125.00" },
      });
      expect(await books.totalsOf(third.id)).toEqual([]);
    });

    it("have reports in the order in which they were fetched, and documents one by one", async () => {
      const reports = await books.reportsOf(second.id);
      expect(reports).toMatchObject([
        { id: "seqrrep_1", is_current: true },
        { id: "seqrrep_2", is_current: false },
      ]);
      for (const one of reports) expect(one).not.toHaveProperty("content");
      expect(await books.findReport("seqrrep_1")).toMatchObject({ period_id: second.id, content: "\n<å>" });
      expect(await books.findReport("none")).toBeUndefined();
    });

    it("list the items of a period by their numbers, in parts", async () => {
      const { records, count } = await books.listItems(second.id, {}, { limit: 3, offset: 1 });
      expect([records.map(({ number }) => number), count]).toEqual([[2, 3, 4], 5]);
      expect(records[0]).toMatchObject({ ...refund, ers_reference: ITEMS[2]?.ers_reference });
    });

    it("list the items of a period by class, cause and need of a person", async () => {
      const numbers = async (filter: Parameters<BooksReader["listItems"]>[1]) => {
        const { records, count } = await books.listItems(second.id, filter, all);
        expect(count).toBe(records.length);
        return records.map(({ number }) => number);
      };
      expect(await numbers({ class: ["agrees", "only_here"] })).toEqual([1, 2, 3]);
      expect(await numbers({ cause: ["missing", "other_amount"] })).toEqual([3, 4]);
      expect(await numbers({ is_open: true })).toEqual([3, 5]);
      expect(await numbers({ is_open: false, class: ["agrees"] })).toEqual([1, 2]);
      expect(await numbers({ class: ["medusa_differs"] })).toEqual([]);
    });

    it("read on after an item", async () => {
      const numbers = async (after: number, limit: number) =>
        (await books.itemsAfter(second.id, after, limit)).map(({ number }) => number);
      expect([await numbers(0, 2), await numbers(2, 2), await numbers(4, 2), await numbers(5, 2)]).toEqual([
        ...[[1, 2], [3, 4], [5], []],
      ]);
    });
  });

  describe(`${name}: the books of an account that closes the shop's period and those of terminals`, () => {
    const at = (day: number): Date => new Date(Date.UTC(2026, 1, day, 22, 55));
    const ofShop = (day: number, more: Partial<PeriodRecord> = {}): PeriodRecord =>
      period({ id: `seqrper_s${day}`, reseller_id: "both", scope: "both", requested_at: at(day), ...more });
    const ofTerminal = (day: number, more: Partial<PeriodRecord> = {}): PeriodRecord =>
      ofShop(day, { id: `seqrper_t${day}`, scope: "both se", terminal: "se", terminal_id: "t1", ...more });
    const periods = {
      t1: ofTerminal(1),
      t2: ofTerminal(2, { state: "lost" }),
      t3: ofTerminal(3, { state: "unreported", is_open: true }),
      s4: ofShop(4),
      s5: ofShop(5, { state: "refused" }),
      s6: ofShop(6, { state: "lost", closing_day: "2026-02-05" }),
      s7: ofShop(7, { state: "marked", closing_day: "2026-02-07" }),
    };
    const { t1, t2, t3, s4, s6, s7 } = periods;
    const without = { row_number: null, reported_amount: null, class: "only_here" } as const;
    const lost = { ...without, cause: "lost_period" } as const;
    const refunded = { ...lost, kind: "refund", ers_reference: null, refund_id: "seqrref_b" } as const;
    const items = [
      item(t1, 1, { ers_reference: "b1" }),
      item(t1, 2, { ...without, cause: "next_period", ers_reference: "b2", carried_to: t2.id }),
      item(t2, 1, { ...lost, ers_reference: "b2" }),
      item(t2, 2, { ...lost, ers_reference: "b3", carried_to: t3.id }),
      item(t2, 3, refunded),
      item(t3, 1, { ...lost, ers_reference: "b4" }),
      ...["b1", "b2", "b3", "b4", "b5"].map((ers_reference, index) => item(s4, index + 1, { ers_reference })),
      item(s4, 6, { ...refunded, cause: "refund_not_reported" }),
    ];
    let books: BooksReader;
    beforeAll(async () => {
      books = await make({ periods: Object.values(periods), items, reports: [] });
    });

    it("name the earlier period that has an item already, when it is known what that comes to", async () => {
      const own = await books.itemsAfter(s4.id, 0, 10);
      expect([...(await books.countedBefore(s4, own))].sort()).toEqual([
        [items[6]?.id, t1.id],
        [items[7]?.id, t2.id],
        [items[11]?.id, t2.id],
      ]);
      expect(await books.countedBefore(t1, await books.itemsAfter(t1.id, 0, 10))).toEqual(new Map());
      expect(await books.countedBefore(s4, [])).toEqual(new Map());
    });

    it("say after which period one without a report is known, and which one before is not", async () => {
      expect((await books.followerOf(t2))?.id).toBe(t3.id);
      expect((await books.followerOf(t3))?.id).toBe(s4.id);
      expect((await books.followerOf(s6))?.id).toBe(s7.id);
      expect(await books.followerOf(s7)).toBeUndefined();
      expect((await books.undecidedBefore(s4))?.id).toBe(t3.id);
      expect((await books.undecidedBefore(s6))?.id).toBe(t3.id);
      // Those of its own kind follow each other; but one without a report may have what they have.
      expect(await books.undecidedBefore(s7)).toMatchObject({ id: t3.id });
      expect(
        await books.undecidedBefore({ ...t3, requested_at: at(4), state: "reconciled" }),
      ).toBeUndefined();
      expect((await books.undecidedBefore({ ...t3, requested_at: at(4) }))?.id).toBe(t3.id);
      expect(await books.undecidedBefore(t2)).toBeUndefined();
      expect(await books.undecidedBefore(t1)).toBeUndefined();
    });

    it("tell two periods of the same millisecond apart by their ids", async () => {
      expect((await books.followerOf({ ...s7, id: "seqrper_0" }))?.id).toBe(s7.id);
      expect(await books.followerOf({ ...s7, id: "seqrper_z" })).toBeUndefined();
    });

    it("do not add up what another period has", async () => {
      expect(await books.totalsOf(t2.id)).toMatchObject([
        { expected: "250.00", classes: { only_here: { count: 2 } } },
      ]);
      expect(await books.totalsOf(t1.id)).toMatchObject([{ expected: "125.00", difference: "0.00" }]);
    });

    it("are of the day that the schedule closed, where days are asked for", async () => {
      const idsOf = async (filter: Parameters<BooksReader["listPeriods"]>[0]) =>
        (await books.listPeriods({ reseller_id: "both", ...filter }, { limit: 9, offset: 0 })).records.map(
          ({ id }) => id.replace("seqrper_", ""),
        );
      const from = new Date("2026-02-05T23:00:00Z");
      expect(await idsOf({ from })).toEqual(["s7", "s6"]);
      expect(await idsOf({ from, fromDay: "2026-02-06" })).toEqual(["s7"]);
      expect(await idsOf({ to: from })).toEqual(["s5", "s4", "t3", "t2", "t1"]);
      expect(await idsOf({ to: from, toDay: "2026-02-05" })).toEqual(["s6", "s5", "s4", "t3", "t2", "t1"]);
    });
  });
}
