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
}
