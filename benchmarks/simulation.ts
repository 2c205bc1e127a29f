// How fast the simulated shop is, beside what it has to be so that many seeds can be tried.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../testkit/root";
import { runsTypeScript } from "../testkit/typescript";
import type { Result } from "./report";
import { median } from "./statistics";

export const name = "simulation";
export const title = "The simulation";
const rounds = 5;
const payments = 10_000;
/** Milliseconds of one payment when there are 10,000 in a minute. */
const enough = 6;
export const method =
  `\`npm run simulate -- --kind plain --payments ${payments}\` with another seed in each of ${rounds} rounds: its processor time, ` +
  "without that of starting Node and reading the source. Nothing else does the same, so it is compared with a fixed " +
  "time, and this ratio does depend on the machine.";

const program = join(root, "__tests__", "simulation", "run.ts");

export async function run(): Promise<Result[]> {
  const times = Array.from({ length: rounds }, (_, round) => timeOfOne(1_000 + round));
  return [
    {
      measured: "A simulated payment",
      against: "10,000 a minute on one core",
      limit: 1,
      ratios: times.map((time) => time / enough),
      typical: [median(times), enough],
      unit: `ms of processor time, ${rounds} rounds of ${payments} payments`,
    },
  ];
}

function timeOfOne(seed: number): number {
  const args = [
    ...runsTypeScript,
    program,
    "--kind",
    "plain",
    "--seed",
    String(seed),
    "--payments",
    String(payments),
  ];
  const lines = execFileSync(process.execPath, args, { encoding: "utf8" }).trim().split("\n");
  const { per_minute_of_processor_time: perMinute, violations } = JSON.parse(lines.at(-1) ?? "") as {
    per_minute_of_processor_time: number;
    violations: number;
  };
  if (violations !== 0) throw new Error(`the simulation with seed ${seed} found ${violations} violations`);
  return 60_000 / perMinute;
}
