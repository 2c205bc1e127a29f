// What it costs a process to load our SEQR client, beside node-soap.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../testkit/root";
import type { Result } from "./report";
import { inTurns, median, ratiosOf } from "./statistics";

export const name = "load-time";
export const title = "Loading the client";
const rounds = 25;
export const method =
  "A fresh Node process loads the client (`medusa-payment-seqr/seqr`) or node-soap (`soap`), and tells how much " +
  "processor time it has used. What a process uses that loads nothing is measured as well and taken off both. Our " +
  "client loads axios when it is made, and node-soap when it is loaded: the ratio is for those who import the client " +
  "without making a call. " +
  `${rounds} rounds of the three, in turns.`;

const client = join(root, ".medusa", "server", "src", "seqr", "index.js");
const soap = require.resolve("soap");

export async function run(): Promise<Result[]> {
  const times = await inTurns(
    { client: () => load(client), soap: () => load(soap), nothing: () => load() },
    { rounds, warmUp: 2 },
  );
  const start = median(times.nothing);
  const ours = times.client.map((time) => time - start);
  const theirs = times.soap.map((time) => time - start);
  return [
    {
      measured: "Loading the SEQR client",
      against: "loading node-soap",
      limit: 0.7,
      ratios: ratiosOf(ours, theirs),
      typical: [median(ours), median(theirs)],
      unit: `ms of processor time, ${rounds} rounds`,
    },
  ];
}

/** Milliseconds of processor time of a process that loads the file and ends. */
function load(file?: string): number {
  const loading = file === undefined ? "" : `require(${JSON.stringify(file)});`;
  const program = `${loading} const { user, system } = process.cpuUsage(); console.log(user + system); process.exit()`;
  return Number(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })) / 1000;
}
