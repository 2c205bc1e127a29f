import { seqrError } from "../../errors/error-codes";
import type { PeriodRecord } from "../../modules/seqr/public";
import type { ResolvedAccounts } from "../../options/books-options";
import { dayOfPeriod } from "./exported-period";
import type { OverviewLine } from "./period-overview";

/** One line of a voucher: debit above zero, credit below. */
export interface VoucherLine {
  account: string;
  /** What the account is for. */
  accountName: string;
  /** Hundredths. */
  amount: bigint;
  text: string;
}

/** A voucher. The sum of its lines is zero. */
export interface Voucher {
  /** `2026-01-15` */
  day: string;
  text: string;
  lines: VoucherLine[];
}

/** What bookkeeping programs of SIE count in. */
export const BOOK_CURRENCY = "SEK";

/** What vouchers are made with. */
export interface VoucherRules {
  accounts: ResolvedAccounts;
  /** Of the days, as the IANA names it. */
  timeZone: string;
  /** Ids of the store's terminals. */
  terminals: ReadonlySet<string>;
}

/**
 * Makes the voucher of a period: what SEQR's account with the shop changes by, against sales and output tax by rate. Only lines in
 * Swedish kronor are in it. What SEQR reports of other terminals, such as cash registers, is in their own books. What becomes zero is
 * left out.
 *
 * @param lines of the period's overview
 * @returns undefined when there is nothing to book
 * @throws {MedusaError} SEQR_SIE_ACCOUNT when the accounts have none for a tax rate
 */
export function voucherOf(
  period: PeriodRecord,
  lines: readonly OverviewLine[],
  { accounts, timeZone, terminals }: VoucherRules,
): Voucher | undefined {
  const sums = new Map<string, VoucherLine>();
  const book = ([account, accountName]: [string, string], amount: bigint, text = accountName): void => {
    const key = JSON.stringify([account, text]);
    const line = sums.get(key) ?? { account, accountName, amount: 0n, text };
    sums.set(key, { ...line, amount: line.amount + amount });
  };
  let unknown = 0n;
  for (const line of lines.filter(({ currency_code }) => currency_code === BOOK_CURRENCY)) {
    const { tax_rate, payments, payments_tax, refunds, refunds_tax } = line;
    const differences = terminals.has(line.terminal_id) ? line.differences : 0n;
    book([accounts.receivable, "Fordran på SEQR"], payments + refunds + differences);
    unknown += differences;
    if (tax_rate === null) {
      const advances: [string, string] = [accounts.advances, "Betalningar utan order"];
      book(advances, -payments);
      book(advances, -refunds, "Återbetalningar utan order");
      continue;
    }
    const rate = `${tax_rate.replace(".", ",")} %`;
    const sales: [string, string] = [accountFor(accounts, "sales", tax_rate), `Försäljning ${rate}`];
    book(sales, payments_tax - payments);
    book(sales, refunds_tax - refunds, `Återbetalningar ${rate}`);
    if (payments_tax === 0n && refunds_tax === 0n) continue;
    const tax: [string, string] = [accountFor(accounts, "tax", tax_rate), `Utgående moms ${rate}`];
    book(tax, -payments_tax);
    book(tax, -refunds_tax, `Utgående moms ${rate}, återbetalningar`);
  }
  book([accounts.differences, "Ej identifierat"], -unknown);
  const booked = [...sums.values()].filter(({ amount }) => amount !== 0n);
  if (booked.length === 0) return undefined;
  const name = period.transaction_period_id ?? "utan rapport";
  return { day: dayOfPeriod(period, timeZone), text: `SEQR, period ${name}`, lines: booked };
}

function accountFor(accounts: ResolvedAccounts, side: "sales" | "tax", rate: string): string {
  const account = accounts[side][rate];
  if (account === undefined)
    throw seqrError("SEQR_SIE_ACCOUNT", `It is "books.accounts.${side}", ${rate} %.`);
  return account;
}
