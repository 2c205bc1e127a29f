import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvHeader, csvRows, type CsvColumns } from "../../src/books/export/csv";
import { sieFile } from "../../src/books/export/sie-file";
import { readSie } from "../unit/books/sie-reader";

const columns: CsvColumns<"text" | "amount"> = { names: ["text", "amount"], decimals: new Set(["amount"]) };
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** Text with much of what breaks lines, cells and fields. */
const text = fc.oneof(
  fc.fullUnicodeString(),
  fc
    .array(fc.constantFrom(..."=+-@\t\r\n\",;'\\{}# aåÖ\u0000\u007f\ufeff"), { maxLength: 12 })
    .map((characters) => characters.join("")),
);
const hundredths = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const decimal = hundredths.map((value) => {
  const digits = String(value < 0n ? -value : value).padStart(3, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
});

/** A CSV file is read again as it was, and no cell but a decimal begins as a formula. */
const csv = fc.asyncProperty(
  fc.array(fc.record({ text, amount: fc.oneof(decimal, text) }), { maxLength: 8 }),
  async (rows) => {
    const file = csvHeader(columns) + csvRows(columns, rows);
    const read = parse(file, { from_line: 2 });
    // A row of two empty cells is a line with a comma.
    if (read.length !== rows.length) throw new Error(`${read.length} rows of ${rows.length}`);
    for (const [index, cells] of read.entries()) {
      const { text: written = "", amount = "" } = rows[index] ?? {};
      for (const [cell, given] of [
        [cells[0], written],
        [cells[1], amount],
      ] as const) {
        const isDecimal = given === amount && /^-?\d+(\.\d+)?$/.test(given);
        if (cell !== given && cell !== `'${given}`)
          throw new Error(`${JSON.stringify(cell)} of ${JSON.stringify(given)}`);
        if (FORMULA.test(cell ?? "") && !isDecimal) throw new Error(`${JSON.stringify(cell)} is a formula`);
      }
      if (/^-?\d+\.\d\d$/.test(amount) && cells[1] !== amount)
        throw new Error(`${amount} is no decimal any more`);
    }
  },
);

const line = fc.record({
  account: fc.constantFrom("1580", "3001", "2611"),
  accountName: text,
  amount: hundredths,
  text,
});
const voucher = fc.record({ day: fc.constant("2026-01-15"), text, lines: fc.array(line, { maxLength: 5 }) });

/** A SIE file can be read, whatever its texts are, and has the amounts that were written. */
const sie = fc.asyncProperty(text, fc.array(voucher, { maxLength: 4 }), async (company, vouchers) => {
  const file = sieFile({ madeOn: "2026-01-16", company, vouchers });
  // The reader knows Swedish letters only.
  const read = readSie(Buffer.from(file.map((byte) => (byte < 128 ? byte : 0x86))));
  const wanted = vouchers.map(({ lines }) => lines.map(({ amount }) => amount));
  const found = read.vouchers.map(({ lines }) => lines.map(({ amount }) => BigInt(amount.replace(".", ""))));
  const shown = (value: unknown): string =>
    JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));
  if (shown(found) !== shown(wanted)) throw new Error(`${shown(found)} is not ${shown(wanted)}`);
});

/** What has to hold of the files that are exported. */
export const exportedFiles = { csv, sie };
