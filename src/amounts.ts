import { BigNumber } from "@medusajs/framework/utils";
import type { BigNumberInput, BigNumberValue } from "@medusajs/framework/types";
import { seqrError } from "./errors/error-codes";
import { compare, subtract, sum } from "./seqr";

export type ExactNumber = NonNullable<BigNumber["bigNumber"]>;

/** An amount as Medusa passes it: a number, a string, a raw object, or a BigNumber. */
export type MedusaAmount = BigNumberInput | BigNumberValue;

/** bignumber.js: ROUND_HALF_UP, which is away from zero. */
const HALF_AWAY_FROM_ZERO = 4;

/** Number of decimals after which digits are errors of floating-point arithmetic. */
const MEANT_DECIMALS = 9;

/**
 * Converts an amount of Medusa to a number with all its digits.
 *
 * @throws {MedusaError} code SEQR_AMOUNT when it is not a number
 */
export function exactNumber(amount: MedusaAmount): ExactNumber {
  const number = new BigNumber(written(amount)).bigNumber;
  if (number === undefined || !number.isFinite()) throw seqrError("SEQR_AMOUNT", "It is not a number.");
  return number;
}

/** Reads a BigNumber of any installed copy of Medusa's utilities: `instanceof` recognizes one copy only. */
function written(amount: MedusaAmount): BigNumberInput {
  if (typeof amount !== "object") return amount;
  const { bigNumber, raw } = amount as Partial<BigNumber>;
  return bigNumber ?? raw ?? (amount as BigNumberInput);
}

/**
 * Formats an amount as a decimal string with two decimals, rounded half away from zero.
 *
 * Medusa passes the same amount in several forms: 235.34499999999999952 in a cart and in its order, 235.345 when a
 * payment is started. So each form is first converted to the coarsest one, a JavaScript number, and cut after the ninth
 * decimal; only then is it rounded.
 *
 * @throws when it is not a number
 */
export function decimalString(amount: MedusaAmount): string {
  return (
    meant(amount)
      // Rounded before toFixed, which would turn a small negative amount into -0.00.
      .decimalPlaces(2, HALF_AWAY_FROM_ZERO)
      .toFixed(2)
  );
}

/**
 * Whether two amounts are the same, apart from errors of floating-point arithmetic.
 *
 * @throws when one is not a number
 */
export function isSameAmount(one: MedusaAmount, other: MedusaAmount): boolean {
  return meant(one).eq(meant(other));
}

function meant(amount: MedusaAmount): ExactNumber {
  return exactNumber(exactNumber(amount).toNumber()).decimalPlaces(MEANT_DECIMALS, HALF_AWAY_FROM_ZERO);
}

/** A refund of a payment that SEQR has made for Medusa. */
export interface EarlierRefund {
  /** Its amount in Medusa, with all its digits. */
  booked: MedusaAmount;
  /** Amount that SEQR refunded for it; decimal string. */
  made: string;
}

/**
 * Computes the amount that SEQR has to refund for the next of several refunds. In Medusa they may have more than two
 * decimals, and their sum is rounded instead of each of them. So SEQR has refunded the full payment when Medusa has: 117.6725
 * twice of 235.345 is 117.67 and 117.68 of 235.35.
 *
 * Call it for one refund of a payment at a time, after the earlier ones have their outcome.
 *
 * @param earlier the payment's refunds that SEQR has made and Medusa has recorded, in any order, without the new one
 * @param booked amount of the new refund in Medusa
 * @returns decimal string; `0.00` when SEQR has nothing to refund
 */
export function nextPart(earlier: readonly EarlierRefund[], booked: MedusaAmount): string {
  const due = decimalString(total([...earlier.map((refund) => refund.booked), booked]));
  const rest = subtract(due, sum(earlier.map(({ made }) => made)));
  return compare(rest, "0") > 0 ? rest : "0.00";
}

/** Adds amounts, with all their digits. */
export function total(amounts: readonly MedusaAmount[]): ExactNumber {
  return amounts.reduce<ExactNumber>((added, amount) => added.plus(exactNumber(amount)), exactNumber(0));
}
