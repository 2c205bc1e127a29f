import { BigNumber } from "@medusajs/framework/utils";
import type { BigNumberInput, BigNumberValue } from "@medusajs/framework/types";
import { seqrError } from "./errors/error-codes";
import { compare, subtract, sum } from "./seqr";

type ExactNumber = NonNullable<BigNumber["bigNumber"]>;

/** An amount as Medusa hands it over: a number, a text, a raw object, or a BigNumber. */
export type MedusaAmount = BigNumberInput | BigNumberValue;

/** bignumber.js: ROUND_HALF_UP, which is away from zero. */
const HALF_AWAY_FROM_ZERO = 4;

/** Decimals below which digits are what arithmetic left, and no part of an amount. */
const MEANT_DECIMALS = 9;

/**
 * A number as Medusa hands it over, with all its digits.
 *
 * @throws {MedusaError} code SEQR_AMOUNT when it is none
 */
export function exactNumber(amount: MedusaAmount): ExactNumber {
  const number = new BigNumber(written(amount)).bigNumber;
  if (number === undefined || !number.isFinite()) throw seqrError("SEQR_AMOUNT", "It is no number.");
  return number;
}

/** What a BigNumber holds, of whichever installed copy of Medusa's utilities it is: `instanceof` knows one only. */
function written(amount: MedusaAmount): BigNumberInput {
  if (typeof amount !== "object") return amount;
  const { bigNumber, raw } = amount as Partial<BigNumber>;
  return bigNumber ?? raw ?? (amount as BigNumberInput);
}

/**
 * An amount as a decimal string with two decimals, rounded half away from zero.
 *
 * The same amount reaches us in several forms: 235.34499999999999952 in a cart and in its order, 235.345 when a
 * payment is started. So every form is first brought to the coarsest one, a JavaScript number, and is rid of what
 * arithmetic left beyond the ninth decimal; only then it is rounded.
 *
 * @throws when it is no number
 */
export function decimalString(amount: MedusaAmount): string {
  return (
    exactNumber(exactNumber(amount).toNumber())
      .decimalPlaces(MEANT_DECIMALS, HALF_AWAY_FROM_ZERO)
      // Rounded before toFixed, which leaves a minus before what it rounds to nothing.
      .decimalPlaces(2, HALF_AWAY_FROM_ZERO)
      .toFixed(2)
  );
}

/** A refund of a payment that SEQR has made for Medusa. */
export interface EarlierRefund {
  /** Its amount in Medusa's books, with all its digits. */
  booked: MedusaAmount;
  /** What SEQR gave back for it; decimal string. */
  made: string;
}

/**
 * What SEQR has to give back for the next of several refunds, which in Medusa may have more than two decimals: their sum
 * is rounded, and not each of them. So SEQR has given back all that was paid when Medusa has: 117.6725 twice of 235.345
 * is 117.67 and 117.68 of 235.35.
 *
 * Call it for one refund of a payment at a time, when the earlier ones have their outcome.
 *
 * @param earlier the payment's refunds that SEQR has made and Medusa has in its books, in any order, without the new one
 * @param booked amount of the new refund in Medusa's books
 * @returns decimal string; `0.00` when there is nothing for SEQR to do
 */
export function nextPart(earlier: readonly EarlierRefund[], booked: MedusaAmount): string {
  const due = decimalString(total([...earlier.map((refund) => refund.booked), booked]));
  const rest = subtract(due, sum(earlier.map(({ made }) => made)));
  return compare(rest, "0") > 0 ? rest : "0.00";
}

/** The sum of amounts, with all its digits. */
export function total(amounts: readonly MedusaAmount[]): ExactNumber {
  return amounts.reduce<ExactNumber>((added, amount) => added.plus(exactNumber(amount)), exactNumber(0));
}
