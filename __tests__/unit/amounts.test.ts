import { BigNumber } from "@medusajs/framework/utils";
import type { BigNumberInput, BigNumberRawValue } from "@medusajs/framework/types";
import fc from "fast-check";
import { decimalString, exactNumber, nextPart, total } from "../../src/amounts";
import { fromHundredths, subtract, sum, toHundredths } from "../../src/seqr/money";

describe("an amount from Medusa", () => {
  it.each<[BigNumberInput, string]>([
    [99, "99.00"],
    [99.5, "99.50"],
    [0, "0.00"],
    [0.1 + 0.2, "0.30"],
    [1e-7, "0.00"],
    [1e21, "1000000000000000000000.00"],
    [new BigNumber("235.34499999999999952"), "235.35"],
    [{ value: "235.34499999999999952", precision: 20 }, "235.35"],
    [235.345, "235.35"],
    [235.34499999999997, "235.35"],
    ["235.3449999", "235.34"],
    ["99.50", "99.50"],
    ["00012.5", "12.50"],
    [" 12.5", "12.50"],
    [{ value: "12.5", precision: 20 }, "12.50"],
    [{ value: "1.2e3" }, "1200.00"],
    [new BigNumber("12.5"), "12.50"],
    [new BigNumber({ value: "248.4999999999999999" }), "248.50"],
    [-12.5, "-12.50"],
    ["-0.01", "-0.01"],
  ])("%j is %s", (amount, text) => {
    expect(decimalString(amount)).toBe(text);
  });

  it.each<[BigNumberInput, string]>([
    ["10.004", "10.00"],
    ["10.005", "10.01"],
    ["10.0049999", "10.00"],
    ["10.0049999999999999999", "10.01"],
    ["10.0050000000000000001", "10.01"],
    ["-10.005", "-10.01"],
    ["0.005", "0.01"],
    ["0.0049999", "0.00"],
    ["0.0049999999999999999", "0.01"],
    [1.005, "1.01"],
  ])("is rounded half away from zero: %j to %s", (amount, text) => {
    expect(decimalString(amount)).toBe(text);
  });

  it.each(["-0.001", "-0", -0, { value: "-0.004" }])(
    "never is less than nothing by a sign alone: %j",
    (amount) => {
      expect(decimalString(amount)).toBe("0.00");
    },
  );

  it("keeps every hundredth, up to ten million million", () => {
    const most = 10n ** 15n;
    fc.assert(
      fc.property(fc.bigInt(-most, most), (hundredths) => {
        const text = fromHundredths(hundredths);
        expect(decimalString(text)).toBe(text);
        expect(decimalString(Number(text))).toBe(text);
        expect(decimalString({ value: text, precision: 20 })).toBe(text);
        expect(decimalString(new BigNumber(text))).toBe(text);
      }),
    );
  });

  it("may be of another copy of Medusa's utilities", () => {
    const other = (value: string): BigNumberInput =>
      Object.create({
        get raw() {
          return { value, precision: 20 };
        },
      }) as BigNumberInput;
    expect(decimalString(other("235.34499999999999952"))).toBe("235.35");
    const whole: unknown = Object.create({ bigNumber: exactNumber("12.5"), raw: { value: "0" } });
    expect(decimalString(whole as BigNumberInput)).toBe("12.50");
    expect(() => decimalString(other("abc"))).toThrow();
  });

  it.each([
    undefined,
    null,
    Number.NaN,
    Infinity,
    -Infinity,
    "",
    "  ",
    "twelve",
    "12,50",
    "NaN",
    "Infinity",
    {},
    { value: undefined },
    { value: null },
    { value: "abc" },
    [],
    true,
  ])("is not read into %p", (amount) => {
    expect(() => decimalString(amount as BigNumberInput)).toThrow();
  });
});

/** The forms in which core hands over one amount: exactly, cut to its 20 digits, and as a number. */
function formsOf(exact: BigNumber["bigNumber"]): BigNumberInput[] {
  const whole = new BigNumber(exact as BigNumberInput);
  return [whole, whole.raw as BigNumberRawValue, String(whole.raw?.value), whole.toJSON(), whole.numeric];
}

const digits = (most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: most }).map((all) => all.join(""));
/** Any number, with more digits than core keeps. */
const anyAmount = fc
  .tuple(fc.boolean(), fc.integer({ min: 1, max: 10_000_000 }), digits(40))
  .map(([isNegative, whole, decimals]) => `${isNegative ? "-" : ""}${whole}.${decimals}0`);
/** A number on half a hundredth, and what arithmetic makes of it. */
const nearHalf = fc
  .tuple(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: -99, max: 99 }), fc.nat(6))
  .map(([hundredths, error, place]) =>
    exactNumber(`${hundredths}.5`)
      .dividedBy(100)
      .plus(exactNumber(error).times(exactNumber(10).pow(-15 - place)))
      .toFixed(),
  );

describe("whatever amount Medusa has", () => {
  it("is the same string in each form in which it is handed over", () => {
    fc.assert(
      fc.property(fc.oneof(anyAmount, nearHalf), (exact) => {
        const strings = formsOf(exactNumber(exact)).map((form) => decimalString(form));
        expect(new Set([...strings, decimalString(exact)]).size).toBe(1);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is rounded up on half a hundredth, whatever arithmetic has left", () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.integer({ min: -400, max: 400 }), (hundredths, error) => {
        const exact = exactNumber(`${hundredths}.5`).dividedBy(100).plus(exactNumber(error).times("1e-12"));
        expect(decimalString(exact)).toBe(fromHundredths(BigInt(hundredths) + 1n));
      }),
    );
  });

  it("is off by half a hundredth at most", () => {
    fc.assert(
      fc.property(fc.oneof(anyAmount, nearHalf), (exact) => {
        const off = exactNumber(decimalString(exact)).minus(exactNumber(exact)).abs();
        expect(off.minus("0.005").toNumber()).toBeLessThanOrEqual(2e-9);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is never less than that of a smaller amount", () => {
    fc.assert(
      fc.property(fc.oneof(anyAmount, nearHalf), fc.oneof(anyAmount, nearHalf), (one, other) => {
        const [less, more] = exactNumber(one).isLessThan(other) ? [one, other] : [other, one];
        expect(toHundredths(decimalString(less)) <= toHundredths(decimalString(more))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Refunds in parts, as the provider makes them one after the other. @returns what SEQR gave back for each */
function refundAll(parts: readonly BigNumberInput[]): string[] {
  const made: string[] = [];
  for (const [index, part] of parts.entries()) {
    const earlier = made.map((value, at) => ({ booked: parts[at] as BigNumberInput, made: value }));
    // The order in which Medusa lists them is not the one in which they were made.
    made.push(nextPart(index % 2 ? earlier.reverse() : earlier, part));
  }
  return made;
}

describe("refunds in parts", () => {
  it.each<[BigNumberInput[], string[]]>([
    [
      [117.6725, 117.6725],
      ["117.67", "117.68"],
    ],
    [
      ["117.6725", { value: "117.67249999999999976" }],
      ["117.67", "117.68"],
    ],
    [
      [235.34, 0.005],
      ["235.34", "0.01"],
    ],
    [
      [0.004, 0.004, 0.004],
      ["0.00", "0.01", "0.00"],
    ],
    [
      [100, 48.5],
      ["100.00", "48.50"],
    ],
    [
      [0.1, 0.2],
      ["0.10", "0.20"],
    ],
  ])("of %j are %j at SEQR", (parts, made) => {
    expect(refundAll(parts)).toEqual(made);
  });

  it("are at SEQR what their sum is, after each of them, and none is below zero", () => {
    // As numbers of a storefront or of staff: what their sum has beyond the twelfth decimal is nobody's money.
    const amount = fc.nat(100_000_000).map((value) => value / 10_000);
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 12 }), (parts) => {
        const made = refundAll(parts);
        for (const [index, part] of made.entries()) {
          expect(toHundredths(part) >= 0n).toBe(true);
          expect(sum(made.slice(0, index + 1))).toBe(decimalString(total(parts.slice(0, index + 1))));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("give back all that was paid when Medusa's parts are all of its total, into however many it is divided", () => {
    const paid = fc.integer({ min: 1, max: 100_000_000 }).map((value) => value / 10_000);
    const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(paid, shares, (whole, weights) => {
        const all = weights.reduce((added, weight) => added + weight, 0);
        // Floating-point numbers, as a form of staff computes them.
        const parts = weights.map((weight) => (whole * weight) / all);
        expect(sum(refundAll(parts))).toBe(decimalString(whole));
      }),
      { numRuns: 500 },
    );
  });

  it("never ask for more than is left, also after refunds that were rounded each for itself", () => {
    const part = fc.nat(1_000_000).map((value) => value / 10_000);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), part, (before, now) => {
        const earlier = before.map((booked) => ({ booked, made: decimalString(booked) }));
        const made = sum(earlier.map((refund) => refund.made));
        const next = nextPart(earlier, now);
        expect(toHundredths(next) >= 0n).toBe(true);
        const rest = subtract(decimalString(total([...before, now])), made);
        expect(next).toBe(toHundredths(rest) > 0n ? rest : "0.00");
      }),
    );
  });
});
