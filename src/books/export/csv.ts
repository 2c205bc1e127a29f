import { stringify } from "csv-stringify/sync";

/** The cells of a row by the names of their columns. An empty cell is null. */
export type CsvRow<Column extends string = string> = Record<Column, string | null>;

/** The columns of a file, in their order. */
export interface CsvColumns<Column extends string = string> {
  names: readonly Column[];
  /** Those that hold amounts. */
  decimals: ReadonlySet<string>;
  /** Those that JSON has as numbers, and as booleans. */
  numbers?: ReadonlySet<string>;
  booleans?: ReadonlySet<string>;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/**
 * Writes rows as CSV (RFC 4180): commas, lines that end with CR LF, and quotes where they are needed. A text that a spreadsheet would
 * take for a formula begins with an apostrophe; a decimal stays as it is, also below zero.
 */
export function csvRows<Column extends string>(
  { names, decimals }: CsvColumns<Column>,
  rows: readonly CsvRow<Column>[],
): string {
  return stringify([...rows], {
    columns: [...names],
    record_delimiter: "windows",
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: {
      string: (value, { column }) =>
        decimals.has(String(column)) && DECIMAL.test(value) ? { value, escape_formulas: false } : value,
    },
  });
}

/** Writes the first line, with the names of the columns. */
export function csvHeader({ names }: CsvColumns): string {
  return `${names.join(",")}\r\n`;
}
