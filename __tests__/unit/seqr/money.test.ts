import fc from "fast-check";
import { compare, fromHundredths, subtract, sum, toHundredths } from "../../../src/seqr/money";

const hundredths = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });

describe("money", () => {
  it.each([
    ["0", 0n],
    ["-0.00", 0n],
    ["5", 500n],
    ["12.5", 1250n],
    ["12.50", 1250n],
    ["12.5000", 1250n],
    ["-0.01", -1n],
    ["007", 700n],
    ["93.31000", 9331n],
    ["999999999999999.99", 99999999999999999n],
  ])("reads %s exactly", (value, expected) => {
    expect(toHundredths(value)).toBe(expected);
  });

  it.each([
    "",
    " 1",
    "1 ",
    "+1",
    ".5",
    "5.",
    "1,50",
    "1.005",
    "1e2",
    "0x1",
    "1_000",
    "1 000",
    "NaN",
    "Infinity",
    "--1",
    "١",
  ])("refuses %j", (value) => {
    expect(() => toHundredths(value)).toThrow(RangeError);
  });

  it("adds without the errors of binary fractions", () => {
    expect(sum(["0.1", "0.2"])).toBe("0.30");
    expect(sum(Array.from({ length: 1000 }, () => "0.01"))).toBe("10.00");
    expect(sum([])).toBe("0.00");
    expect(subtract("0.30", "0.1")).toBe("0.20");
    expect(subtract("0", "12.5")).toBe("-12.50");
  });

  it("writes what it reads back as the same", () => {
    fc.assert(
      fc.property(hundredths, (value) => {
        const written = fromHundredths(value);
        expect(written).toMatch(/^-?\d+\.\d\d$/);
        expect(toHundredths(written)).toBe(value);
      }),
    );
  });

  it("adds, subtracts and compares as whole numbers do", () => {
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        const [x, y] = [fromHundredths(a), fromHundredths(b)];
        expect(sum([x, y])).toBe(fromHundredths(a + b));
        expect(subtract(sum([x, y]), y)).toBe(x);
        expect(Math.sign(compare(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it("adds in any order to the same", () => {
    fc.assert(
      fc.property(fc.array(hundredths), (values) => {
        const written = values.map(fromHundredths);
        expect(sum([...written].reverse())).toBe(sum(written));
      }),
    );
  });
});
