/**
 * Divides an amount in proportion to weights, without a rest. What rounding down leaves is distributed by hundredths, to the parts that
 * it cut most.
 *
 * @param hundredths the amount; its parts have its sign
 * @param weights none below zero, and not all of them zero
 * @returns hundredths of each part, in the order of the weights
 */
export function divide(hundredths: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const [sign, amount] = hundredths < 0n ? [-1n, -hundredths] : [1n, hundredths];
  const parts = weights.map((weight) => (amount * weight) / whole);
  const rest = Number(amount - parts.reduce((sum, part) => sum + part, 0n));
  const cutMost = weights
    .map((weight, index) => ({ index, cut: (amount * weight) % whole }))
    .sort((one, other) => (one.cut === other.cut ? one.index - other.index : one.cut > other.cut ? -1 : 1));
  for (const { index } of cutMost.slice(0, rest)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts.map((part) => sign * part);
}
