// The score, and the survivors with their reasons, as Markdown.
import type { Result, Status } from "./results";

/** @returns percent of the changes that compile which were caught; two digits */
export function scoreOf(results: Result[]): Record<Status | "score", number> {
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  const [caught, survived, impossible] = [count("caught"), count("survived"), count("impossible")];
  const score = caught + survived === 0 ? 100 : Math.floor((10_000 * caught) / (caught + survived)) / 100;
  return { caught, survived, impossible, score };
}

/** What a run of the mutation score found, and how it was made. */
export interface Run {
  results: Result[];
  commit: string;
  minutes: number;
  /** Simulated payments for each change that the tests let pass. */
  payments: number;
  /** The part of all changes that was made. */
  sample: string;
  /** Files of tests. */
  tests: number;
}

/** The report of a run. */
export function written({ results, commit, minutes, payments, sample, tests }: Run): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const line = (name: string, some: Result[]): string => {
    const { caught, survived, impossible, score } = scoreOf(some);
    return `| ${name} | ${some.length} | ${caught} | ${survived} | ${impossible} | ${score.toFixed(1)} % |`;
  };
  const how = [
    `Measured on ${new Date().toISOString().slice(0, 10)} at commit ${commit}, with ${tests} files of unit tests`,
    payments > 0 ? ` and ${payments} simulated payments for each change that they let pass` : "",
    sample === "1" ? "" : `; a sample of ${sample}`,
    `. It took ${minutes.toFixed(0)} minutes.`,
  ].join("");
  const survivors = files.flatMap((file) => {
    const mine = results.filter((result) => result.file === file && result.status === "survived");
    if (mine.length === 0) return [];
    mine.sort((one, other) => one.start - other.start);
    const entries = mine.map(({ line: number, id, why, reason }) => {
      const said = [reason ?? "**no reason yet**", ...(why ? [why] : [])].join("; ");
      return `- ${number}: \`${id.replaceAll("`", "'")}\`: ${said}`;
    });
    return [`### ${file}`, "", ...entries, ""];
  });
  return [
    "# Mutation score",
    "",
    "Written by `npm run mutate -- --write`.",
    "",
    how,
    "",
    "| File | Changes | Caught | Survived | Do not compile | Score |",
    "| ---- | ------- | ------ | -------- | -------------- | ----- |",
    line("**all**", results),
    ...files.map((file) =>
      line(
        file,
        results.filter((result) => result.file === file),
      ),
    ),
    "",
    "## Survivors",
    "",
    ...survivors,
  ].join("\n");
}
