import { decimalString } from "../../src/amounts";

/** Arithmetic with all the decimals that Medusa's records have; SEQR's have two. */

const DECIMALS = 20;
const MONEY = /^(-?)(\d+)(?:\.(\d{1,20}))?$/;

/** Below zero, zero or above zero, as `a` is less than, equal to or greater than `b`. */
export function compareExactly(a: string, b: string): number {
  const difference = units(a) - units(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The sum of decimal strings. */
export function sumExactly(values: readonly string[]): string {
  return text(values.reduce((total, value) => total + units(value), 0n));
}

/** `a - b`. */
export function subtractExactly(a: string, b: string): string {
  return text(units(a) - units(b));
}

/** What is left of an amount when it has been a JavaScript number: 235.34499999999999952 becomes 235.345. */
export function asNumber(value: string): string {
  return decimals(String(Number(value)));
}

/** Whether two amounts are one and the same once both, and the parts before them, have been rounded to hundredths. */
export function isAbout(a: string, b: string): boolean {
  const difference = units(a) - units(b);
  return (difference < 0n ? -difference : difference) <= units("0.02");
}

/** Rounded to hundredths as the plugin does it. */
export function inHundredths(value: string): string {
  return decimalString(value);
}

function units(value: string): bigint {
  const [, sign, whole = "0", fraction = ""] = MONEY.exec(value) ?? [];
  if (sign === undefined) throw new RangeError(`"${value}" is no amount`);
  const result = BigInt(whole + fraction.padEnd(DECIMALS, "0"));
  return sign === "" ? result : -result;
}

function text(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0{1,18}$/, "");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -DECIMALS)}.${fraction}`;
}

function decimals(value: string): string {
  return text(units(value));
}
