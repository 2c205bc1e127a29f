import { BigNumber } from "@medusajs/framework/utils";
import type { BigNumberInput, BigNumberValue } from "@medusajs/framework/types";

/**
 * An amount as Medusa hands it over (number, raw object, BigNumber) as a decimal string with two decimals, rounded
 * half away from zero. Totals can carry 20 digits; SEQR takes two.
 */
export function decimalString(amount: BigNumberInput | BigNumberValue): string {
  const number = new BigNumber(amount as BigNumberInput).bigNumber;
  if (number === undefined || !number.isFinite()) throw new RangeError("not an amount");
  return number.toFixed(2);
}
