/** Formats a table whose columns are as wide as their widest cell. */
export function tableOf(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => cell(column, row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function cell(column: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (column === "at") return new Date(Number(value)).toISOString();
  if (isAmount(value)) return `${value.value} ${value.currency}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isAmount(value: unknown): value is { value: string; currency: string } {
  return typeof value === "object" && value !== null && "value" in value && "currency" in value;
}
