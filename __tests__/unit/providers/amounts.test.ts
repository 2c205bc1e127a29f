import { BigNumber } from "@medusajs/framework/utils";
import type { BigNumberInput } from "@medusajs/framework/types";
import fc from "fast-check";
import { decimalString } from "../../../src/providers/seqr/amounts";

describe("an amount from Medusa", () => {
  it.each<[BigNumberInput, string]>([
    [99, "99.00"],
    [99.5, "99.50"],
    [0, "0.00"],
    [0.1 + 0.2, "0.30"],
    [1e-7, "0.00"],
    [1e21, "1000000000000000000000.00"],
    ["99.50", "99.50"],
    ["00012.5", "12.50"],
    [" 12.5", "12.50"],
    [{ value: "12.5", precision: 20 }, "12.50"],
    [{ value: "12345678901234567890.12", precision: 20 }, "12345678901234567890.12"],
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
    ["10.0049999999999999999", "10.00"],
    ["10.0050000000000000001", "10.01"],
    ["-10.005", "-10.01"],
    ["0.005", "0.01"],
    ["0.0049999999999999999", "0.00"],
    [1.005, "1.01"],
    ["12345678901234567.895", "12345678901234567.90"],
  ])("is rounded half away from zero: %j to %s", (amount, text) => {
    expect(decimalString(amount)).toBe(text);
  });

  it.each(["-0.001", "-0", -0, { value: "-0.004" }])(
    "never is less than nothing by a sign alone: %j",
    (amount) => {
      expect(decimalString(amount)).toBe("0.00");
    },
  );

  it("keeps every digit that it has", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), (hundredths) => {
        const digits = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, "0");
        const text = `${hundredths < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        expect(decimalString(text)).toBe(text);
        expect(decimalString({ value: text, precision: 20 })).toBe(text);
        expect(decimalString(new BigNumber(text))).toBe(text);
      }),
    );
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
