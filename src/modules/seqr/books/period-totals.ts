import { fromHundredths, subtract, sum, toHundredths } from "../../../seqr";
import type { ItemClass } from "./book-words";
import type { ClassTotals, PeriodTotals } from "./reconciliation-store";

/** The items of one class in one currency, added up. */
export interface TotalsRow extends ClassTotals {
  currency_code: string | null;
  class: ItemClass;
}

/** Groups what the classes of a period come to by currency, the unknown one last. */
export function periodTotals(rows: readonly TotalsRow[]): PeriodTotals[] {
  const currencies = [...new Set(rows.map(({ currency_code }) => currency_code))].sort((one, other) =>
    (one ?? "\uffff") < (other ?? "\uffff") ? -1 : 1,
  );
  return currencies.map((currency_code) => {
    const own = rows.filter((row) => row.currency_code === currency_code);
    const reported = sum(own.map((row) => row.reported));
    const expected = sum(own.map((row) => row.expected));
    const classes = own.map(({ class: name, count, open, reported, expected }) => [
      name,
      { count, open, reported: twoDecimals(reported), expected: twoDecimals(expected) },
    ]);
    return {
      ...{ currency_code, reported, expected, difference: subtract(reported, expected) },
      classes: Object.fromEntries(classes) as PeriodTotals["classes"],
    };
  });
}

function twoDecimals(amount: string): string {
  return fromHundredths(toHundredths(amount));
}
