import type { TaxShare } from "../../medusa/exported-orders";
import { BOOKED_WITHOUT_REPORT, type ItemRecord, type PeriodRecord } from "../../modules/seqr/public";
import { toHundredths } from "../../seqr";
import { localDays } from "../local-day";
import { divide } from "./divide";
import { dayOfPeriod } from "./exported-period";

/**
 * What a period comes to on one day, of one terminal, currency and tax rate. Amounts are hundredths, and refunds are below zero.
 */
export interface OverviewLine {
  terminal_id: string;
  /** ISO 4217; null for what SEQR reports in a currency that is not known. */
  currency_code: string | null;
  /** Day in the time zone of the books, `2026-01-15`. */
  day: string;
  /** Per cent, `25`; null where there is no order to say it. */
  tax_rate: string | null;
  payments: bigint;
  /** The tax in them. */
  payments_tax: bigint;
  refunds: bigint;
  refunds_tax: bigint;
  /** What SEQR reports beyond the payments and refunds that the shop knows; below zero where it reports less. */
  differences: bigint;
}

/**
 * Adds up the items of one period. It keeps one line for each day, terminal, currency and tax rate, however many items there are.
 */
export class PeriodOverview {
  readonly #lines = new Map<string, OverviewLine>();
  readonly #dayOf: (moment: Date) => string;
  readonly #day: string;

  /** @param timeZone of the days, as the IANA names it */
  constructor(period: PeriodRecord, timeZone: string) {
    this.#dayOf = localDays(timeZone);
    this.#day = dayOfPeriod(period, timeZone);
  }

  /** @param shares of the item's order; empty when it has none */
  add(item: ItemRecord, shares: readonly TaxShare[]): void {
    const { expected, difference } = this.#booked(item);
    if (difference !== 0n) this.#line(item, null).differences += difference;
    if (expected === 0n) return;
    const side = item.kind === "payment" ? "payments" : "refunds";
    if (shares.length === 0) {
      this.#line(item, null)[side] += expected;
      return;
    }
    const parts = divide(
      expected,
      shares.flatMap(({ net, tax }) => [net, tax]),
    );
    for (const [index, { rate }] of shares.entries()) {
      const [net = 0n, tax = 0n] = parts.slice(2 * index);
      const line = this.#line(item, rate);
      line[side] += net + tax;
      line[`${side}_tax`] += tax;
    }
  }

  /** The lines by day, terminal and currency, highest tax rate first. */
  lines(): OverviewLine[] {
    return [...this.#lines.values()].sort(
      (one, other) =>
        order(one.day, other.day) ||
        order(one.terminal_id, other.terminal_id) ||
        order(one.currency_code ?? "\uffff", other.currency_code ?? "\uffff") ||
        Number(other.tax_rate ?? -1) - Number(one.tax_rate ?? -1),
    );
  }

  /** What an item adds to the books: what SEQR reports, and what its reports leave out. */
  #booked(item: ItemRecord): { expected: bigint; difference: bigint } {
    const expected = hundredths(item.expected_amount);
    if (item.row_number !== null)
      return { expected, difference: hundredths(item.reported_amount) - expected };
    const isBooked =
      item.carried_to === null && item.cause !== null && BOOKED_WITHOUT_REPORT.includes(item.cause);
    return { expected: isBooked ? expected : 0n, difference: 0n };
  }

  #line({ terminal_id, currency_code, occurred_at }: ItemRecord, tax_rate: string | null): OverviewLine {
    const day = occurred_at === null ? this.#day : this.#dayOf(occurred_at);
    const key = JSON.stringify([terminal_id, currency_code, day, tax_rate]);
    const line = this.#lines.get(key) ?? {
      ...{ terminal_id, currency_code, day, tax_rate, payments: 0n, payments_tax: 0n },
      ...{ refunds: 0n, refunds_tax: 0n, differences: 0n },
    };
    this.#lines.set(key, line);
    return line;
  }
}

function hundredths(amount: string | null): bigint {
  return amount === null ? 0n : toHundredths(amount);
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
