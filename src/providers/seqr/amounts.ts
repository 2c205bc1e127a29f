import { BigNumber } from "@medusajs/framework/utils";
import type { BigNumberInput, BigNumberValue } from "@medusajs/framework/types";

type ExactNumber = NonNullable<BigNumber["bigNumber"]>;

/** bignumber.js: ROUND_HALF_UP, which is away from zero. */
const HALF_AWAY_FROM_ZERO = 4;

/**
 * A number as Medusa hands it over (number, text, raw object, BigNumber), with all its digits.
 *
 * @throws when it is none
 */
export function exactNumber(amount: BigNumberInput | BigNumberValue): ExactNumber {
  const number = new BigNumber(amount as BigNumberInput).bigNumber;
  if (number === undefined || !number.isFinite()) throw new RangeError("not an amount");
  return number;
}

/**
 * An amount as a decimal string with two decimals, rounded half away from zero. Totals can carry 20 digits; SEQR
 * takes two decimals.
 *
 * @throws when it is no number
 */
export function decimalString(amount: BigNumberInput | BigNumberValue): string {
  // Rounded first: toFixed alone leaves a minus before what it rounds to nothing.
  return exactNumber(amount).decimalPlaces(2, HALF_AWAY_FROM_ZERO).toFixed(2);
}
