import { fromHundredths, toHundredths, type Amount } from "../../seqr";

/**
 * Converts an amount's value to whole hundredths; an absent one is 0 (PROTOCOL 3.5). It accepts every notation of a decimal in
 * XML Schema.
 *
 * @returns undefined when it has more than two decimals
 */
export function hundredths(amount: Partial<Amount> | undefined): bigint | undefined {
  const plain = (amount?.value ?? "0")
    .replace(/^\+/, "")
    .replace(/^(-?)\./, "$10.")
    .replace(/\.$/, "");
  try {
    return toHundredths(plain);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Formats the amount with two decimals. */
export function tidy(currency: string, value: bigint): Amount {
  return { currency, value: fromHundredths(value) };
}
