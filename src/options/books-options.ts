/** Accounts of the merchant's chart, by which the books are written as a SIE file. */
export interface AccountsOptions {
  /** What SEQR has taken and not paid out yet. Default `1580`. */
  receivable?: string | undefined;
  /** Payments that became no order, until they are refunded. Default `2420`. */
  advances?: string | undefined;
  /** What SEQR reports and the shop does not know. Default `2999`. */
  differences?: string | undefined;
  /** Sales, by the tax rate in per cent. Default `{ 25: "3001", 12: "3002", 6: "3003", 0: "3004" }`. */
  sales?: Record<string, string> | undefined;
  /** Output tax, by its rate in per cent. Default `{ 25: "2611", 12: "2621", 6: "2631" }`. */
  tax?: Record<string, string> | undefined;
}

/** What the books are exported with. */
export interface BooksOptions {
  /** Accounts for a SIE file. Default: those of the Swedish BAS chart. What is given replaces single accounts. */
  accounts?: AccountsOptions | undefined;
}

/** The accounts with all defaults filled in. */
export interface ResolvedAccounts {
  receivable: string;
  advances: string;
  differences: string;
  sales: Readonly<Record<string, string>>;
  tax: Readonly<Record<string, string>>;
}

/** The option with all defaults filled in. */
export interface ResolvedBooks {
  accounts: ResolvedAccounts;
}

type Given = Readonly<Record<string, unknown>>;

const BAS: ResolvedAccounts = {
  ...{ receivable: "1580", advances: "2420", differences: "2999" },
  sales: { 25: "3001", 12: "3002", 6: "3003", 0: "3004" },
  tax: { 25: "2611", 12: "2621", 6: "2631" },
};

const WANTED =
  'an object such as { accounts: { receivable: "1580", sales: { 25: "3001" }, tax: { 25: "2611" } } }, with account numbers as text ' +
  'and tax rates in per cent; "advances" and "differences" may be set too';

/** Checks the option. @returns the expected value as text, or undefined when it is acceptable */
export function wrongBooks(given: unknown): string | undefined {
  if (!isObject(given)) return WANTED;
  const { accounts = {}, ...others } = given;
  const isGood =
    Object.keys(others).length === 0 &&
    isObject(accounts) &&
    Object.entries(accounts).every(([name, value]) => value === undefined || isGoodFor(name, value));
  return isGood ? undefined : WANTED;
}

/** Fills in the defaults of an option that was checked. */
export function resolvedBooks({ accounts = {} }: BooksOptions = {}): ResolvedBooks {
  const { sales, tax, ...others } = accounts;
  const given = Object.entries(others).filter(([, account]) => account !== undefined);
  return {
    accounts: {
      ...{ ...BAS, ...Object.fromEntries(given) },
      sales: { ...BAS.sales, ...sales },
      tax: { ...BAS.tax, ...tax },
    },
  };
}

function isGoodFor(name: string, value: unknown): boolean {
  if (name === "receivable" || name === "advances" || name === "differences") return isAccount(value);
  if (name !== "sales" && name !== "tax") return false;
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([rate, account]) => /^\d{1,3}(\.\d*[1-9])?$/.test(rate) && isAccount(account),
    )
  );
}

function isAccount(value: unknown): boolean {
  return typeof value === "string" && /^\d{3,10}$/.test(value);
}

function isObject(value: unknown): value is Given {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
