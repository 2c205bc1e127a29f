// How a result is shown: as a table on the terminal, and as docs/performance.md.
import { writeFile } from "node:fs/promises";
import { arch, availableParallelism, platform, totalmem } from "node:os";
import { format, resolveConfig } from "prettier";
import { median, quantile } from "./statistics";

/** What a benchmark found. */
export interface Result {
  /** What of ours was measured. */
  measured: string;
  /** What it was compared with, in the same run. */
  against: string;
  /** The ratio that is acceptable at most. */
  limit: number;
  /** Ours divided by the other, round by round. */
  ratios: number[];
  /** Medians of ours and of the other. */
  typical: [ours: number, other: number];
  /** Of the medians, and how many rounds there were. */
  unit: string;
}

/** What the page says of a benchmark. */
export interface Group {
  name: string;
  title: string;
  method: string;
  results: Result[];
  /** ISO 8601 date. */
  measuredOn: string;
  machine: string;
}

/** Prints the results as a table. */
export function printTable(results: Result[]): void {
  const rows = [
    ["", "against", "limit", "ratio", "middle half", "", "typical"],
    ...results.map((result) => {
      const { measured, against, limit, ratio, spread, verdict, typical } = shown(result);
      return [measured, against, `≤ ${limit}`, ratio, spread, verdict, typical];
    }),
  ];
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join("  ")
        .trimEnd(),
    );
}

/** Writes docs/performance.md. */
export async function writeReport(file: string, groups: Group[]): Promise<void> {
  const text = [
    "# Performance",
    "",
    "Made by `npm run bench`, which measures, prints this table and writes this page. Do not edit it by hand.",
    "",
    "| Ours | Compared with | Limit | Ratio | Middle half | Verdict | Typical |",
    "| --- | --- | ---: | ---: | --- | --- | --- |",
    ...groups
      .flatMap(({ results }) => results)
      .map((result) => {
        const { measured, against, limit, ratio, spread, verdict, typical } = shown(result);
        return `| ${measured} | ${against} | ≤ ${limit} | **${ratio}** | ${spread} | ${verdict} | ${typical} |`;
      }),
    "",
    "## How to read it",
    "",
    "Every figure is a ratio: ours divided by something else that was measured in the same run, in turns with it, on " +
      "the same machine. A ratio of 1.10 means 10 % more, 0.50 means half. Ratios can be compared between machines; " +
      "the times in the last column cannot, and are there only to show what the ratio is a ratio of (ours / the " +
      "other).",
    "",
    "_Ratio_ is the median over all rounds. _Middle half_ is where half of the rounds lie; when it is wide, the " +
      "machine was busy with something else, and the run is worth repeating. _Limit_ is what this project demands " +
      "of itself; a ratio above it is shown as **missed**, and the command succeeds all the same.",
    "",
    "## What was measured",
    "",
    ...groups.flatMap(({ title, name, method, measuredOn, machine }) => [
      `### ${title}`,
      "",
      `\`npm run bench -- ${name}\`, measured on ${measuredOn}: ${machine}.`,
      "",
      method,
      "",
    ]),
  ].join("\n");
  const style = await resolveConfig(file);
  await writeFile(file, await format(text, { ...style, filepath: file }));
}

/** The columns of a result. */
interface Shown {
  measured: string;
  against: string;
  limit: string;
  ratio: string;
  spread: string;
  verdict: string;
  typical: string;
}

function shown({ measured, against, limit, ratios, typical, unit }: Result): Shown {
  const ratio = median(ratios);
  return {
    measured,
    against,
    limit: limit.toFixed(2),
    ratio: ratio.toFixed(2),
    spread: `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`,
    verdict: ratio <= limit ? "met" : "missed",
    typical: `${typical.map(three).join(" / ")} ${unit}`,
  };
}

/** Three digits, as much as such a measurement is worth. */
function three(number: number): string {
  return number >= 100 ? String(Math.round(number)) : String(Number(number.toPrecision(3)));
}

/** The kind of machine, which helps to understand the times. Not which machine. */
export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const cores = availableParallelism();
  return `${cores} ${cores === 1 ? "core" : "cores"}, ${memory} GB of memory, ${platform()} ${arch()}, Node ${process.versions.node}`;
}
