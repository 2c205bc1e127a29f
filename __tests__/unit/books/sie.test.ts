import fc from "fast-check";
import type { TaxShare } from "../../../src/medusa/exported-orders";
import { PeriodOverview } from "../../../src/books/export/period-overview";
import { sieFile } from "../../../src/books/export/sie-file";
import { voucherOf } from "../../../src/books/export/vouchers";
import { resolvedBooks, type BooksOptions } from "../../../src/options/books-options";
import { fromHundredths, sum } from "../../../src/seqr";
import type { ItemRecord, PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import { item, period } from "./records";
import { readSie, type ReadVoucher } from "./sie-reader";

const share = (rate: string, net: number, tax: number): TaxShare => ({
  ...{ rate, net: BigInt(Math.round(net * 1e9)), tax: BigInt(Math.round(tax * 1e9)) },
});
const timeZone = "Europe/Stockholm";
const terminals = new Set(["t1"]);

/** The voucher of a period, read again from its file. */
function booked(
  of: PeriodRecord,
  items: [Partial<ItemRecord>, TaxShare[]][],
  books: BooksOptions = {},
): ReadVoucher | undefined {
  const overview = new PeriodOverview(of, timeZone);
  for (const [index, [more, shares]] of items.entries()) overview.add(item(of, index + 1, more), shares);
  const voucher = voucherOf(of, overview.lines(), { ...resolvedBooks(books), timeZone, terminals });
  if (!voucher) return undefined;
  return readSie(sieFile({ madeOn: "2026-01-16", company: "Butik", vouchers: [voucher] })).vouchers[0];
}

const lines = (voucher: ReadVoucher | undefined): string[] =>
  (voucher?.lines ?? []).map(({ account, amount, text }) => `${account} ${amount} ${text}`);

const refund = (amount: string): Partial<ItemRecord> => ({
  ...{ kind: "refund", refund_id: "seqrref_1", reported_amount: amount, expected_amount: amount },
});

describe("a SIE file", () => {
  it("says who made it, for whom and when, in code page 437 with lines that end with CR LF", () => {
    const file = sieFile({
      madeOn: "2026-01-16",
      company: 'Åsas "Kött & Räksmörgås"\r\n\u007f\\Öar é Ü 牛',
      comment: "EUR ingår inte",
      vouchers: [],
    });
    expect(readSie(file).entries).toEqual([
      ["#FLAGGA", "0"],
      ["#PROGRAM", "medusa-payment-seqr", "1"],
      ["#FORMAT", "PC8"],
      ["#GEN", "20260116"],
      ["#SIETYP", "4"],
      ["#PROSA", "EUR ingår inte"],
      ["#FNAMN", 'Åsas "Kött & Räksmörgås" /Öar é Ü ?'],
    ]);
    expect(file.includes(Buffer.from([0x8f, 0x73, 0x61, 0x73]))).toBe(true);
  });

  it("has a voucher of a period, on the day of the schedule, with the accounts that it uses", () => {
    const of = period({ closing_day: "2026-01-15", transaction_period_id: "2026" });
    const overview = new PeriodOverview(of, timeZone);
    overview.add(item(of, 1), [share("25", 100, 25)]);
    const voucher = voucherOf(of, overview.lines(), { ...resolvedBooks(), timeZone, terminals });
    if (!voucher) throw new Error("there is no voucher");
    const read = readSie(sieFile({ madeOn: "2026-01-16", company: "Butik", vouchers: [voucher] }));
    expect(read.entries.slice(-3)).toEqual([
      ["#KONTO", "1580", "Fordran på SEQR"],
      ["#KONTO", "2611", "Utgående moms 25 %"],
      ["#KONTO", "3001", "Försäljning 25 %"],
    ]);
    expect(read.vouchers).toEqual([
      {
        ...{ series: "", number: "", date: "20260115", text: "SEQR, period 2026" },
        lines: [
          { account: "1580", amount: "125.00", date: "20260115", text: "Fordran på SEQR" },
          { account: "3001", amount: "-100.00", date: "20260115", text: "Försäljning 25 %" },
          { account: "2611", amount: "-25.00", date: "20260115", text: "Utgående moms 25 %" },
        ],
      },
    ]);
  });

  it("is on the local day on which a period was closed by hand", () => {
    const closed = (at: string) =>
      booked(period({ requested_at: new Date(at) }), [[{}, [share("25", 100, 25)]]])?.date;
    expect(closed("2026-01-15T22:59:00Z")).toBe("20260115");
    expect(closed("2026-01-15T23:01:00Z")).toBe("20260116");
  });

  it("divides payments and refunds over the tax rates of their orders", () => {
    const shares = [share("25", 80, 20), share("12", 100, 12), share("0", 13, 0)];
    const whole = { reported_amount: "225.00", expected_amount: "225.00" };
    expect(
      lines(
        booked(period(), [
          [whole, shares],
          [refund("-22.50"), shares],
        ]),
      ),
    ).toEqual([
      "1580 202.50 Fordran på SEQR",
      "3001 -80.00 Försäljning 25 %",
      "3001 8.00 Återbetalningar 25 %",
      "2611 -20.00 Utgående moms 25 %",
      "2611 2.00 Utgående moms 25 %, återbetalningar",
      "3002 -100.00 Försäljning 12 %",
      "3002 10.00 Återbetalningar 12 %",
      "2621 -12.00 Utgående moms 12 %",
      "2621 1.20 Utgående moms 12 %, återbetalningar",
      "3004 -13.00 Försäljning 0 %",
      "3004 1.30 Återbetalningar 0 %",
    ]);
  });

  it("books what has no order as an advance, and what the shop does not know as a difference", () => {
    expect(
      lines(
        booked(period(), [
          [{ order_id: null }, []],
          [{ ...refund("-125.00"), order_id: null }, []],
          [{ class: "only_at_seqr", cause: "other_system", expected_amount: null, order_id: null }, []],
          [{ class: "amount_differs", reported_amount: "124.99" }, [share("25", 100, 25)]],
        ]),
      ),
    ).toEqual([
      "1580 249.99 Fordran på SEQR",
      "3001 -100.00 Försäljning 25 %",
      "2611 -25.00 Utgående moms 25 %",
      "2420 -125.00 Betalningar utan order",
      "2420 125.00 Återbetalningar utan order",
      "2999 -124.99 Ej identifierat",
    ]);
  });

  it("has what SEQR's reports leave out, and nothing that another report has", () => {
    const unreported = { row_number: null, reported_amount: null, class: "only_here" } as const;
    const shares = [share("25", 100, 25)];
    const missing = { ...unreported, cause: "missing" } as const;
    const next = { ...unreported, cause: "next_period" } as const;
    const lost = { ...unreported, cause: "lost_period" } as const;
    const left = { ...unreported, ...refund("-12.50"), ...unreported, cause: "refund_not_reported" } as const;
    const one = (more: Partial<ItemRecord>, of = period()) => lines(booked(of, [[more, shares]]))[0];
    expect(one(missing)).toBeUndefined();
    expect(one(next)).toBeUndefined();
    expect(one(left)).toBe("1580 -12.50 Fordran på SEQR");
    expect(one({ ...left, carried_to: "seqrper_9" })).toBeUndefined();
    for (const state of ["lost", "unreported"] as const)
      expect(one(lost, period({ state }))).toBe("1580 125.00 Fordran på SEQR");
    expect(one({ ...lost, carried_to: "seqrper_9" }, period({ state: "lost" }))).toBeUndefined();
  });

  it("has amounts in Swedish kronor only", () => {
    const euros = { currency_code: "EUR" };
    const shares = [share("25", 100, 25)];
    expect(booked(period(), [[euros, shares]])).toBeUndefined();
    expect(booked(period(), [[{ currency_code: null }, []]])).toBeUndefined();
    const both = booked(period(), [
      [euros, shares],
      [{}, shares],
    ]);
    expect(lines(both)[0]).toBe("1580 125.00 Fordran på SEQR");
  });

  it("leaves out what SEQR reports of cash registers, and not what the shop sold at a terminal that it no longer has", () => {
    const shares = [share("25", 100, 25)];
    const register = { class: "only_at_seqr", cause: "other_system", terminal_id: "register" } as const;
    const unknown = { ...register, expected_amount: null, order_id: null };
    expect(booked(period(), [[unknown, []]])).toBeUndefined();
    expect(
      lines(
        booked(period(), [
          [unknown, []],
          [{ terminal_id: "former" }, shares],
        ]),
      ),
    ).toEqual([
      "1580 125.00 Fordran på SEQR",
      "3001 -100.00 Försäljning 25 %",
      "2611 -25.00 Utgående moms 25 %",
    ]);
  });

  it("is not made when an account is missing, and takes those of the options", () => {
    const finnish = [share("25.5", 100, 25.5)];
    const sold = { reported_amount: "125.50", expected_amount: "125.50" };
    expect(() => booked(period(), [[sold, finnish]])).toThrow(/"books.accounts.sales", 25.5 %/);
    const accounts = { receivable: "1687", sales: { "25.5": "3105" }, tax: { "25.5": "2615" } };
    expect(lines(booked(period(), [[sold, finnish]], { accounts }))).toEqual([
      "1687 125.50 Fordran på SEQR",
      "3105 -100.00 Försäljning 25,5 %",
      "2615 -25.50 Utgående moms 25,5 %",
    ]);
    expect(() => booked(period(), [[sold, finnish]], { accounts: { sales: { "25.5": "3105" } } })).toThrow(
      expect.objectContaining({ code: "SEQR_SIE_ACCOUNT" }),
    );
  });

  it("has vouchers that come to 0.00 and to SEQR's report, whatever the tax rates and amounts", () => {
    const rates = Array.from({ length: 500 }, (_, index) => String(index / 10));
    const accounts = Object.fromEntries(rates.map((rate, index) => [rate, String(3000 + index)]));
    const taxes = Object.fromEntries(rates.map((rate, index) => [rate, String(5000 + index)]));
    const shares = fc.uniqueArray(fc.constantFrom(...rates), { minLength: 1, maxLength: 500 }).chain((used) =>
      fc
        .array(fc.bigInt({ min: 1n, max: 10n ** 14n }), { minLength: used.length, maxLength: used.length })
        .map((nets) =>
          used.map((rate, index) => {
            const net = nets[index] ?? 1n;
            return { rate, net, tax: (net * BigInt(Math.round(Number(rate) * 10))) / 1000n };
          }),
        ),
    );
    const hundredths = fc.bigInt({ min: 1n, max: 10n ** 9n });
    const sale = fc.record({
      shares,
      amount: hundredths,
      isRefund: fc.boolean(),
      off: fc.bigInt({ min: -5n, max: 5n }),
    });
    fc.assert(
      fc.property(fc.array(sale, { minLength: 1, maxLength: 4 }), (sales) => {
        const signed = sales.map(({ amount, isRefund, off }) => {
          const expected = isRefund ? -amount : amount;
          return { expected, reported: expected + off, kind: isRefund ? "refund" : "payment" } as const;
        });
        const voucher = booked(
          period(),
          sales.map(({ shares: own }, index) => {
            const { expected = 0n, reported = 0n, kind } = signed[index] ?? {};
            const amounts = {
              reported_amount: fromHundredths(reported),
              expected_amount: fromHundredths(expected),
            };
            return [{ kind: kind ?? "payment", ...amounts }, own];
          }),
          { accounts: { sales: accounts, tax: taxes } },
        );
        const all = voucher?.lines ?? [];
        expect(sum(all.map(({ amount }) => amount))).toBe("0.00");
        const total = signed.reduce((added, { reported }) => added + reported, 0n);
        const receivable = all.filter(({ account }) => account === "1580").map(({ amount }) => amount);
        expect(sum(receivable)).toBe(fromHundredths(total));
      }),
      { numRuns: 15 },
    );
  });
});
