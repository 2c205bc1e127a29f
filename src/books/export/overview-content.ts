import { fromHundredths } from "../../seqr";
import type { PeriodRecord } from "../../modules/seqr/public";
import type { CsvColumns } from "./csv";
import type { OverviewLine } from "./period-overview";

const AMOUNTS = [
  ...["payments", "payments_tax", "refunds", "refunds_tax", "differences", "fees", "net"],
] as const;
const NAMES = [
  ...["period_id", "transaction_period_id", "closed_at", "day", "terminal", "terminal_id", "currency_code"],
  "tax_rate",
  ...AMOUNTS,
] as const;
type Column = (typeof NAMES)[number];

/** The columns of an overview: one row for each period, day, terminal, currency and tax rate. */
export const OVERVIEW_COLUMNS: CsvColumns<Column> = {
  names: NAMES,
  decimals: new Set<Column>(AMOUNTS),
};

/** A row of such an export. */
export type OverviewRow = Record<Column, string | null>;

/**
 * Makes the row of a line of an overview.
 *
 * @param terminal name of the terminal in the options; null when they do not name it
 */
export function overviewRow(period: PeriodRecord, line: OverviewLine, terminal: string | null): OverviewRow {
  const { day, terminal_id, currency_code, tax_rate, ...amounts } = line;
  return {
    period_id: period.id,
    transaction_period_id: period.transaction_period_id,
    closed_at: period.requested_at.toISOString(),
    ...{ day, terminal, terminal_id, currency_code, tax_rate },
    payments: fromHundredths(amounts.payments),
    payments_tax: fromHundredths(amounts.payments_tax),
    refunds: fromHundredths(amounts.refunds),
    refunds_tax: fromHundredths(amounts.refunds_tax),
    differences: fromHundredths(amounts.differences),
    // Nothing that SEQR publishes says what it takes.
    fees: null,
    net: fromHundredths(amounts.payments + amounts.refunds + amounts.differences),
  };
}
