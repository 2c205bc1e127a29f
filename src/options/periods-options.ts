/**
 * When the plugin closes the transaction periods of the merchant's accounts at SEQR. Closing ends an accounting period, so it does
 * that only in stores that set this option.
 */
export interface PeriodsOptions {
  /** Time of day at which a day is closed, `23:55`. */
  closeAt: string | undefined;
  /** Time zone of that time and of the days, as the IANA names it. Default `Europe/Stockholm`. */
  timeZone?: string | undefined;
  /** Whether a period is that of the whole shop, or of each terminal. Default `shop`. */
  scope?: PeriodScope | undefined;
}

/** What a period is closed of. */
export type PeriodScope = "shop" | "terminal";

/** The option with all defaults filled in. */
export interface ResolvedPeriods {
  closeAt: string;
  timeZone: string;
  scope: PeriodScope;
}

/** What was given, without values that are not set. */
type Given = Readonly<Record<string, unknown>>;

const DEFAULTS = { timeZone: "Europe/Stockholm", scope: "shop" } as const;

const WANTED =
  'an object such as { closeAt: "23:55", timeZone: "Europe/Stockholm", scope: "shop" }: a time of day, a time zone of the IANA, ' +
  'and "shop" or "terminal"';

/** Checks the option. @returns the expected value as text, or undefined when it is acceptable */
export function wrongPeriods(given: Given | undefined): string | undefined {
  const all: Given = { ...DEFAULTS, ...given };
  const { closeAt, timeZone, scope, ...others } = all;
  const isGood =
    given !== undefined &&
    typeof closeAt === "string" &&
    /^([01]\d|2[0-3]):[0-5]\d$/.test(closeAt) &&
    isTimeZone(timeZone) &&
    (scope === "shop" || scope === "terminal") &&
    Object.keys(others).length === 0;
  return isGood ? undefined : WANTED;
}

/** Fills in the defaults of an option that was checked. */
export function resolvedPeriods(given: Given): ResolvedPeriods {
  return { ...DEFAULTS, ...(given as unknown as Pick<ResolvedPeriods, "closeAt">) };
}

/**
 * Says that there is no account whose periods could be closed.
 *
 * @param accounts the option `reseller` of each terminal
 */
export function missingReseller(
  periods: unknown,
  accounts: readonly unknown[],
): { path: string; line: string }[] {
  if (periods === undefined || accounts.some((account) => account !== undefined)) return [];
  const line = '"reseller" is missing: expected the account at SEQR whose periods "periods" closes';
  return [{ path: "reseller", line }];
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
