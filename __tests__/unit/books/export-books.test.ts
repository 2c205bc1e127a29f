import { parse } from "csv-parse/sync";
import {
  exportBooks,
  type BooksExport,
  type BooksExportContext,
} from "../../../src/books/export/export-books";
import type { ItemRecord, PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { ExportFormat } from "../../../src/modules/seqr/books/book-words";
import { sum } from "../../../src/seqr";
import { charge, contextFor, exported, queryFor } from "./exporting";
import { MemoryBooks } from "./memory-books";
import { item, period } from "./records";
import { readSie } from "./sie-reader";

type Row = Record<string, string>;

const ORDERS: Record<string, object[]> = {
  mixed: [charge(25, 80), charge(12, 100), { total: 13, tax_total: 0, tax_lines: [] }],
  // Halves of a hundredth in each line.
  halves: Array.from({ length: 3 }, () => charge(25, 0.02)),
  long: Array.from({ length: 500 }, (_, n) => charge(n / 10, 1)),
  free: [charge(25, 0), charge(12, 0)],
  bare: [],
};

/** The rows of a CSV file, which must be those of the JSON file. */
async function rows(
  context: BooksExportContext,
  content: BooksExport["content"],
  of?: BooksExport["of"],
): Promise<Row[]> {
  const file = (await exported(context, "csv", content, of)).toString();
  expect(file.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  const read = parse(file, { columns: true }) as Row[];
  const { [content]: json = [] } = JSON.parse((await exported(context, "json", content, of)).toString()) as {
    [name: string]: Record<string, string | number | boolean | null>[];
  };
  const text = (value: unknown): string => (value === null ? "" : String(value));
  expect(
    json.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]))),
  ).toEqual(read);
  return read;
}

const ALL = { from: undefined, to: undefined };
const of = period({ id: "p1", transaction_period_id: "TP1" });
const refund = (amount: string): Partial<ItemRecord> => ({
  ...{ kind: "refund", refund_id: "seqrref_1", reported_amount: amount, expected_amount: amount },
  ...{ medusa_amount: amount },
});

describe("an export of items", () => {
  it("has a row for each item, with SEQR's references and Medusa's ids", async () => {
    const books = new MemoryBooks(
      [of],
      [item(of, 1), item(of, 2, { ...refund("-12.50"), invoice_id: "seqrinv_1" })],
    );
    const [sold, refunded] = await rows(contextFor(books), "items");
    expect(sold).toEqual({
      ...{
        period_id: "p1",
        transaction_period_id: "TP1",
        closed_at: "2026-01-15T22:55:00.000Z",
        number: "1",
      },
      ...{ kind: "payment", class: "agrees", cause: "", is_open: "false", terminal_id: "t1" },
      ...{ cashier_id: "webshop", ers_reference: "202601151200000000101", currency_code: "SEK" },
      ...{ reported_amount: "125.00", expected_amount: "125.00", medusa_amount: "125.00" },
      ...{ order_number: "1", order_id: "order_1", payment_session_id: "payses_1", payment_id: "pay_1" },
      ...{ medusa_refund_id: "", invoice_id: "seqrinv_1", refund_id: "" },
      ...{ occurred_at: "2026-01-15T11:00:00.000Z", carried_from: "", carried_to: "", counted_in: "" },
      ...{ accepted_by: "", accepted_at: "", accepted_reason: "" },
    });
    expect(refunded).toMatchObject({
      medusa_refund_id: "ref_1",
      reported_amount: "-12.50",
      refund_id: "seqrref_1",
    });
  });

  it("names no refund of Medusa's where the plugin made it of its own accord", async () => {
    const books = new MemoryBooks([of], [item(of, 1, { ...refund("-12.50"), refund_id: "seqrref_2" })]);
    expect(await rows(contextFor(books), "items")).toMatchObject([
      { medusa_refund_id: "", refund_id: "seqrref_2" },
    ]);
  });

  it("keeps what people and SEQR wrote, and makes it safe", async () => {
    const accepted = { accepted_by: "user_1", accepted_at: new Date("2026-01-16T08:00:00Z") };
    const hostile = '=HYPERLINK("http://x")\r\n\u0007,å';
    const [row] = await parseOnly(
      new MemoryBooks([of], [item(of, 1, { ...accepted, accepted_reason: hostile, cashier_id: "@cashier" })]),
    );
    expect(row).toMatchObject({ accepted_reason: `'${hostile}`, cashier_id: "'@cashier" });
  });

  const parseOnly = async (books: MemoryBooks): Promise<Row[]> =>
    parse((await exported(contextFor(books), "csv", "items")).toString(), { columns: true });

  it("reads 2,500 items in batches, and asks Medusa once for each batch", async () => {
    const items = Array.from({ length: 2_500 }, (_, index) => item(of, index + 1));
    const asked: string[][] = [];
    const context = contextFor(new MemoryBooks([of], items), queryFor([], asked));
    const pieces: number[] = [];
    const { pieces: file } = await exportBooks(context, {
      format: "csv",
      content: "items",
      of: { periodId: "p1" },
    });
    for await (const piece of file) pieces.push(String(piece).split("\r\n").length - 1);
    expect(pieces).toEqual([1_001, 1_000, 500]);
    expect(asked).toEqual(
      ["1000", "1000", "500"].flatMap((count) => [
        ["payment", count],
        ["order", count],
      ]),
    );
  });
});

describe("an overview", () => {
  it("adds up by day, terminal, currency and tax rate, with refunds below zero", async () => {
    const books = new MemoryBooks(
      [of],
      [
        item(of, 1, { reported_amount: "225.00", expected_amount: "225.00" }),
        item(of, 2, refund("-22.50")),
        item(of, 3, {
          terminal_id: "t2",
          currency_code: "EUR",
          reported_amount: "10.00",
          expected_amount: "10.00",
        }),
        item(of, 4, { occurred_at: new Date("2026-01-14T23:30:00Z"), order_id: null }),
        item(of, 5, { occurred_at: new Date("2026-01-14T22:30:00Z"), order_id: null }),
        item(of, 6, { class: "only_at_seqr", expected_amount: null, order_id: null, occurred_at: null }),
      ],
    );
    const found = await rows(contextFor(books, queryFor(ORDERS["mixed"] ?? [])), "overview");
    const names = ["day", "terminal", "terminal_id", "currency_code", "tax_rate", "payments", "payments_tax"];
    expect(
      found.map((row) =>
        [...names, "refunds", "refunds_tax", "differences", "fees", "net"].map((name) => row[name]).join(" "),
      ),
    ).toEqual([
      "2026-01-14 se t1 SEK  125.00 0.00 0.00 0.00 0.00  125.00",
      "2026-01-15 se t1 SEK 25 100.00 20.00 -10.00 -2.00 0.00  90.00",
      "2026-01-15 se t1 SEK 12 112.00 12.00 -11.20 -1.20 0.00  100.80",
      "2026-01-15 se t1 SEK 0 13.00 0.00 -1.30 0.00 0.00  11.70",
      "2026-01-15 se t1 SEK  125.00 0.00 0.00 0.00 125.00  250.00",
      "2026-01-15  t2 EUR 25 4.45 0.89 0.00 0.00 0.00  4.45",
      "2026-01-15  t2 EUR 12 4.97 0.53 0.00 0.00 0.00  4.97",
      "2026-01-15  t2 EUR 0 0.58 0.00 0.00 0.00 0.00  0.58",
    ]);
  });

  it.each(Object.keys(ORDERS))(
    "comes to what SEQR reports, with the tax rates of an order that is %s",
    async (name) => {
      const amounts = ["0.01", "0.07", "225.00", "99999999.99", "-0.01", "-225.00", "-33.33"];
      const items = amounts.map((amount, index) =>
        item(of, index + 1, {
          ...{ reported_amount: amount, expected_amount: amount },
          kind: amount.startsWith("-") ? "refund" : "payment",
        }),
      );
      const context = contextFor(new MemoryBooks([of], items), queryFor(ORDERS[name] ?? []));
      const found = await rows(context, "overview");
      expect(sum(found.map(({ net = "" }) => net))).toBe(sum(amounts));
      expect(sum(found.map(({ payments = "" }) => payments))).toBe("100000225.07");
      if (name === "long") expect(found).toHaveLength(500);
      if (name === "free" || name === "bare")
        expect(found).toMatchObject([{ tax_rate: "", payments_tax: "0.00" }]);
    },
  );
});

describe("the tax rates of orders", () => {
  it("are read in batches, with totals only of orders that have several", async () => {
    const items = Array.from({ length: 1_500 }, (_, index) => item(of, index + 1));
    const one = [charge(25, 100), charge(25, 5)];
    const several = [charge(25, 100), charge(12, 5)];
    const ids = items.map(({ order_id }) => order_id ?? "");
    const asked: string[][] = [];
    const orders = Object.fromEntries(ids.map((id, index) => [id, index < 250 ? several : one]));
    const context = contextFor(new MemoryBooks([of], items), queryFor(orders, asked));
    const found = parse((await exported(context, "csv", "overview")).toString(), { columns: true }) as Row[];
    expect(found.map(({ tax_rate, payments }) => [tax_rate, payments])).toEqual([
      ["25", "186160.00"],
      ["12", "1340.00"],
    ]);
    expect(asked).toEqual([
      ["order", "1000"],
      ["order with totals", "200"],
      ["order with totals", "50"],
      ["order", "500"],
    ]);
  });
});

describe("an export of a time span", () => {
  const at = (day: number, more: Parameters<typeof period>[0] = {}) =>
    period({ id: `p${day}`, requested_at: new Date(Date.UTC(2026, 0, day, 22, 55)), ...more });

  const never = { reconciled_at: null };
  const booksOf = (periods: readonly PeriodRecord[], items?: ItemRecord[]) =>
    new MemoryBooks([...periods], items ?? periods.map((one) => item(one, 1)));
  /** The periods of an export, and those that it says are left out. */
  async function parts(books: MemoryBooks, of: BooksExport["of"] = ALL): Promise<[string[], string[]]> {
    const ids = (await rows(contextFor(books), "items", of)).map(({ period_id = "" }) => period_id);
    const { leftOut } = await exportBooks(contextFor(books), { format: "csv", content: "items", of });
    const { entries } = readSie(await exported(contextFor(books), "sie", "overview", of));
    const comment = entries.find(([name]) => name === "#PROSA")?.[1] ?? "";
    for (const { id, state } of leftOut) expect(comment).toContain(`${id} (${state})`);
    if (leftOut.length === 0) expect(comment).not.toContain("Perioder");
    return [[...new Set(ids)], leftOut.map(({ id }) => id)];
  }

  it("has what was reconciled, and what a person accepted as lost, oldest first, and says what it has not", async () => {
    const periods = [
      at(20, { state: "marked", ...never }),
      at(19, { state: "marked" }),
      at(18),
      at(17, { state: "unreported", ...never }),
      at(16, { state: "lost" }),
      at(15, { state: "lost", is_open: true }),
      at(14),
      at(13, { state: "unreported", is_open: true }),
      at(12),
      at(11, { state: "refused" }),
      at(10, { is_open: true, result: "SEQR_PERIOD_TIME" }),
    ];
    const span = { from: new Date(Date.UTC(2026, 0, 13)), to: undefined };
    expect(await parts(booksOf(periods), span)).toEqual([
      ["p14", "p18", "p19"],
      ["p13", "p15", "p16", "p17", "p20"],
    ]);
    const until = { from: undefined, to: periods[2]?.requested_at };
    expect(await parts(booksOf(periods), until)).toEqual([
      ["p12", "p14"],
      ["p10", "p13", "p15", "p16", "p17"],
    ]);
    // What has no report may have payments that an earlier one has, once it is known.
    const accepted = periods.map((one) => ({ ...one, is_open: false }));
    expect(await parts(booksOf(accepted))).toEqual([
      ["p10", "p12", "p13", "p14", "p15", "p16", "p17", "p18", "p19"],
      ["p20"],
    ]);
  });

  it.each(["lost", "unreported"] as const)(
    "has a period that is %s and accepted only when the next one says what it has of it",
    async (state) => {
      const accepted = at(15, { state });
      expect(await parts(booksOf([accepted]))).toEqual([[], ["p15"]]);
      expect(await parts(booksOf([accepted, at(16, { state: "marked", ...never })]))).toEqual([
        ...[[], ["p15", "p16"]],
      ]);
      expect(await parts(booksOf([accepted, at(16, { state: "lost", is_open: true }), at(17)]))).toEqual([
        ...[["p17"], ["p15", "p16"]],
      ]);
      // That of another account says nothing.
      const other = at(16, { id: "other", reseller_id: "other", scope: "other" });
      expect(await parts(booksOf([accepted, other]))).toEqual([["other"], ["p15"]]);
      const only = (periods: PeriodRecord[]) =>
        exported(contextFor(booksOf(periods)), "csv", "overview", { periodId: "p15" });
      await expect(only([accepted])).rejects.toMatchObject({
        ...{ code: "SEQR_PERIOD_NOT_RECONCILED", type: "not_allowed" },
        message: expect.stringContaining("the period after it, which may have its payments") as unknown,
      });
      // SEQR had not closed it: the next one has its payment, and the two together have it once.
      const next = at(16);
      const without = { row_number: null, class: "only_here", reported_amount: null } as const;
      const items = [
        item(accepted, 1, { ...without, cause: "next_period", carried_to: next.id }),
        item(accepted, 2, {
          ...without,
          cause: "lost_period",
          reported_amount: null,
          expected_amount: "7.00",
        }),
        item(next, 1, { carried_from: accepted.id }),
      ];
      const found = await rows(contextFor(booksOf([accepted, next], items)), "overview", ALL);
      expect(found.map(({ period_id, payments }) => [period_id, payments])).toEqual([
        ["p15", "7.00"],
        ["p16", "125.00"],
      ]);
    },
  );

  it("has a payment once where the shop's period and that of a terminal have it", async () => {
    const terminal = at(15, { id: "own", scope: "own", terminal: "se", terminal_id: "t1" });
    const shop = at(16);
    const items = [
      item(terminal, 1, { ers_reference: "a" }),
      item(shop, 1, { ers_reference: "a" }),
      item(shop, 2, { ers_reference: "b", reported_amount: "1.00", expected_amount: "1.00" }),
    ];
    const books = booksOf([terminal, shop], items);
    const found = await rows(contextFor(books), "overview", ALL);
    expect(found.map(({ period_id, payments }) => [period_id, payments])).toEqual([
      ["own", "125.00"],
      ["p16", "1.00"],
    ]);
    // Also where the other one is in another file.
    expect(await rows(contextFor(books), "overview", { periodId: "p16" })).toMatchObject([{ net: "1.00" }]);
    const named = (await rows(contextFor(books), "items", ALL)).map((row) => row["counted_in"]);
    expect(named).toEqual(["", "own", ""]);
    const { entries, vouchers } = readSie(await exported(contextFor(books), "sie", "overview"));
    expect(vouchers).toHaveLength(2);
    expect(entries).toContainEqual(["#PROSA", "Poster som redan finns i andra perioder ingår inte: 1."]);
    // As long as it is not known what the terminal's has, nothing is.
    const unreported = { ...terminal, state: "unreported", is_open: true } as const;
    const open = [unreported, shop];
    expect(await parts(booksOf(open, items))).toEqual([[], ["own", "p16"]]);
    await expect(
      exported(contextFor(booksOf(open, items)), "csv", "overview", { periodId: "p16" }),
    ).rejects.toMatchObject({ message: expect.stringContaining("Period own before it") as unknown });
    expect(await parts(booksOf([{ ...unreported, is_open: false }, shop], items))).toEqual([
      ["own", "p16"],
      [],
    ]);
  });

  it("has a day that was closed late, and names it", async () => {
    const late = at(32, { closing_day: "2026-01-31" });
    const span = { from: new Date("2025-12-31T23:00:00Z"), to: new Date("2026-01-31T23:00:00Z") };
    const days = { ...span, fromDay: "2026-01-01", toDay: "2026-01-31" };
    expect((await parts(booksOf([late]), days))[0]).toEqual(["p32"]);
    expect((await parts(booksOf([late]), span))[0]).toEqual([]);
    expect(
      (await parts(booksOf([late]), { ...span, from: span.to, to: undefined, fromDay: "2026-02-01" }))[0],
    ).toEqual([]);
    const nameOf = async (of: BooksExport["of"]) =>
      (await exportBooks(contextFor(booksOf([late])), { format: "csv", content: "overview", of })).name;
    expect(await nameOf(days)).toBe("seqr-overview-from-2026-01-01-to-2026-01-31.csv");
    expect(await nameOf({ from: undefined, to: new Date("2026-01-31T23:30:00Z") })).toBe(
      "seqr-overview-to-2026-02-01.csv",
    );
    expect(await nameOf(ALL)).toBe("seqr-overview.csv");
  });

  it("has all of more than a hundred periods", async () => {
    const periods = Array.from({ length: 250 }, (_, index) => at(index + 1));
    const books = new MemoryBooks(
      periods,
      periods.map((one) => item(one, 1)),
    );
    expect(await rows(contextFor(books), "overview")).toHaveLength(250);
    expect(readSie(await exported(contextFor(books), "sie", "overview")).vouchers).toHaveLength(250);
  });
});

describe("an export with nothing in it", () => {
  it.each(["overview", "items"] as const)("of %s has the names of its columns", async (content) => {
    for (const books of [new MemoryBooks(), new MemoryBooks([of])]) {
      expect(await rows(contextFor(books), content)).toEqual([]);
      const file = (await exported(contextFor(books), "csv", content)).toString();
      expect(file).toMatch(/^period_id,transaction_period_id,closed_at,[\w,]+\r\n$/);
      expect((await exported(contextFor(books), "json", content)).toString()).toBe(`{"${content}":[]}\n`);
    }
  });

  it("has no voucher", async () => {
    expect(readSie(await exported(contextFor(new MemoryBooks([of])), "sie", "overview")).vouchers).toEqual(
      [],
    );
  });
});

describe("an export of one period", () => {
  it.each(["csv", "json", "sie"] as const)("as %s fails at once where it cannot be made", async (format) => {
    const states = ["marking", "marked", "unreported", "lost", "refused"] as const;
    const periods = states.map((state) => period({ id: state, state, is_open: true, reconciled_at: null }));
    const first = (periodId: string) =>
      exportBooks(contextFor(new MemoryBooks(periods)), {
        ...{ format, content: "overview", of: { periodId } },
      });
    await expect(first("none")).rejects.toMatchObject({ code: "SEQR_NO_SUCH_PERIOD", type: "not_found" });
    for (const { id } of periods) {
      await expect(first(id)).rejects.toMatchObject({ code: "SEQR_PERIOD_NOT_RECONCILED" });
    }
  });

  it("as SIE says which currencies are not in it, and is refused when nothing is in kronor", async () => {
    const euros = { currency_code: "EUR" };
    const both = new MemoryBooks(
      [of],
      [
        item(of, 1),
        item(of, 2, euros),
        item(of, 3, { currency_code: null }),
        item(of, 4, { terminal_id: "register", expected_amount: null, order_id: null }),
      ],
    );
    const { entries, vouchers } = readSie(
      await exported(contextFor(both), "sie", "overview", { periodId: "p1" }),
    );
    expect(entries).toContainEqual([
      "#PROSA",
      "Andra valutor ingår inte: ?, EUR. Andra terminaler ingår inte: register.",
    ]);
    expect(entries).toContainEqual(["#FNAMN", "Butik"]);
    expect(entries).toContainEqual(["#GEN", "20260116"]);
    expect(vouchers).toHaveLength(1);
    const none = new MemoryBooks([of], [item(of, 1, euros)]);
    await expect(exported(contextFor(none), "sie", "overview")).rejects.toMatchObject({
      code: "SEQR_SIE_CURRENCY",
    });
  });

  it("is a file with a name and a type", async () => {
    const file = async (format: ExportFormat, content: BooksExport["content"]) => {
      const { name, type } = await exportBooks(contextFor(new MemoryBooks([of])), {
        format,
        content,
        of: { periodId: "p1" },
      });
      return [name, type];
    };
    const day = "2026-01-15-p1";
    expect(await file("csv", "items")).toEqual([
      ...[`seqr-items-${day}.csv`, "text/csv; charset=utf-8; header=present"],
    ]);
    expect(await file("json", "overview")).toEqual([
      ...[`seqr-overview-${day}.json`, "application/json; charset=utf-8"],
    ]);
    expect(await file("sie", "items")).toEqual([`seqr-vouchers-${day}.si`, "application/octet-stream"]);
  });

  it("as JSON has numbers and booleans as such, and amounts as texts", async () => {
    const file = await exported(contextFor(new MemoryBooks([of], [item(of, 1)])), "json", "items");
    expect(JSON.parse(file.toString())).toMatchObject({
      items: [{ number: 1, order_number: 1, is_open: false, reported_amount: "125.00", cause: null }],
    });
  });
});
