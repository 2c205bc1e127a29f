// What it costs a process to load our SEQR client, beside node-soap.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inTurns, median } from "./statistics.mjs";

export const name = "load-time";
export const title = "Loading the client";
const rounds = 25;
export const method =
  "A fresh Node process loads the client (`medusa-payment-seqr/seqr`) or node-soap (`soap`), and tells how much " +
  "processor time it has used. What a process uses that loads nothing is measured as well and taken off both. Our " +
  "client loads axios when it is made, and node-soap when it is loaded: the ratio is for those who import the client " +
  "without making a call. " +
  `${rounds} rounds of the three, in turns.`;

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const client = join(root, ".medusa", "server", "src", "seqr", "index.js");
const soap = createRequire(import.meta.url).resolve("soap");

/** @returns {Promise<import("./report.mjs").Result[]>} */
export async function run() {
  const [ours, theirs, bare] = await inTurns([() => load(client), () => load(soap), () => load()], {
    rounds,
    warmUp: 2,
  });
  const start = median(bare);
  const loading = (times) => times.map((time) => time - start);
  return [
    {
      measured: "Loading the SEQR client",
      against: "loading node-soap",
      limit: 0.7,
      ratios: loading(ours).map((time, round) => time / loading(theirs)[round]),
      typical: [median(loading(ours)), median(loading(theirs))],
      unit: `ms of processor time, ${rounds} rounds`,
    },
  ];
}

/** Milliseconds of processor time of a process that loads the file and ends. */
function load(file) {
  const loading = file === undefined ? "" : `require(${JSON.stringify(file)});`;
  const program = `${loading} const { user, system } = process.cpuUsage(); console.log(user + system); process.exit()`;
  return Number(execFileSync(process.execPath, ["-e", program], { encoding: "utf8" })) / 1000;
}
