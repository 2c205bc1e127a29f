/** Exact arithmetic on sums of money given as decimal strings with at most two decimals (PROTOCOL 3.5, 11). */

const MONEY = /^(-?)(\d+)(?:\.(\d{1,2})0*)?$/;

/** The longest `totalAmount` value, in characters (PROTOCOL 11). */
export const MAX_AMOUNT_LENGTH = 18;

/**
 * A decimal string as whole hundredths.
 *
 * @throws {RangeError} when it is not a decimal number with at most two decimals
 */
export function toHundredths(value: string): bigint {
  const match = MONEY.exec(value);
  if (!match) throw new RangeError(`"${value}" is not a decimal number with at most two decimals`);
  const [, sign, whole = "0", fraction = ""] = match;
  const hundredths = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0"));
  return sign ? -hundredths : hundredths;
}

/** Whole hundredths as a decimal string with two decimals, `-12.50`. */
export function fromHundredths(hundredths: bigint): string {
  const digits = (hundredths < 0n ? -hundredths : hundredths).toString().padStart(3, "0");
  return `${hundredths < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The sum of decimal strings. */
export function sum(values: readonly string[]): string {
  return fromHundredths(values.reduce((total, value) => total + toHundredths(value), 0n));
}

/** `a - b`. */
export function subtract(a: string, b: string): string {
  return fromHundredths(toHundredths(a) - toHundredths(b));
}

/** Compares amounts: below zero, zero or above zero, as `a` is less than, equal to or greater than `b`. */
export function compare(a: string, b: string): number {
  const difference = toHundredths(a) - toHundredths(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
