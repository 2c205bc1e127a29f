import fc from "fast-check";
import { divide } from "../../../src/books/export/divide";

const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 500 })
  .filter((all) => all.some((weight) => weight > 0n));
const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });

describe("an amount that is divided", () => {
  it("is the sum of its parts, each within a hundredth of its share, and with the amount's sign", () => {
    fc.assert(
      fc.property(amount, weights, (whole, shares) => {
        const parts = divide(whole, shares);
        const sum = shares.reduce((total, share) => total + share, 0n);
        expect(parts.reduce((total, part) => total + part, 0n)).toBe(whole);
        for (const [index, share] of shares.entries()) {
          const part = parts[index] ?? 0n;
          const off = part * sum - whole * share;
          expect((off < 0n ? -off : off) < sum).toBe(true);
          expect(part * whole >= 0n).toBe(true);
        }
      }),
    );
  });

  it("has the same parts when it is refunded in full", () => {
    const shares = [8_000_000n, 2_000_000n, 3_333_333n, 200_001n];
    expect(divide(-10_001n, shares)).toEqual(divide(10_001n, shares).map((part) => -part));
  });

  it("gives what rounding leaves to the parts that it cut most", () => {
    expect(divide(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(divide(10n, [1n, 2n])).toEqual([3n, 7n]);
    expect(divide(1n, [0n, 5n])).toEqual([0n, 1n]);
  });
});
