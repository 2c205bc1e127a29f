import { parse } from "csv-parse/sync";
import { csvHeader, csvRows, type CsvColumns } from "../../../src/books/export/csv";

const columns: CsvColumns<"text" | "amount"> = { names: ["text", "amount"], decimals: new Set(["amount"]) };
const written = (text: string | null, amount: string | null = null): string =>
  csvRows(columns, [{ text, amount }]);

describe("a CSV file", () => {
  it("names its columns first, and ends each line with CR LF", () => {
    expect(csvHeader(columns)).toBe("text,amount\r\n");
    expect(written("a", "1.00") + written(null)).toBe("a,1.00\r\n,\r\n");
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+46701234567", "'+46701234567"],
    ["-5", "'-5"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["\rx", `"'\rx"`],
    ['=a,"b"', `"'=a,""b"""`],
    ["a=b", "a=b"],
  ])("makes the text %j safe against formulas", (text, cell) => {
    expect(written(text)).toBe(`${cell},\r\n`);
  });

  it.each(["-12.50", "0.00", "-0.01", "123456789012345.10", "7"])(
    "keeps the decimal %s as it is",
    (amount) => {
      expect(written("a", amount)).toBe(`a,${amount}\r\n`);
    },
  );

  it("does not take a formula for a decimal, wherever it stands", () => {
    expect(written("a", "-1+2")).toBe("a,'-1+2\r\n");
    expect(written("a", "=1")).toBe("a,'=1\r\n");
  });

  it.each(["a,b", 'a"b', "a\r\nb", "a\nb", "a\rb", '"', ",", "å€😀", " a ", "\u0000\u0001", "x;y"])(
    "keeps the text %j, also with a reader of RFC 4180",
    (text) => {
      const file = csvHeader(columns) + written(text, "-1.00") + written("b", "2.00");
      expect(parse(file)).toEqual([
        ["text", "amount"],
        [text, "-1.00"],
        ["b", "2.00"],
      ]);
    },
  );

  it("has a line for each row", () => {
    const rows = Array.from({ length: 500 }, (_, n) => ({ text: `line ${n}`, amount: `${n}.00` }));
    expect(parse(csvRows(columns, rows))).toHaveLength(500);
    expect(csvRows(columns, [])).toBe("");
  });
});
