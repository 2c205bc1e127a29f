// The processor time of one SOAP call: our client and node-soap, each in a process of its own, send the same message to a
// server, in a further process, that always gives the same answer.
import { fork } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTurns, median, ratiosOf } from "./statistics.mjs";

export const name = "soap-call";
export const title = "One SOAP call";
const rounds = 40;
const callsPerRound = 200;
const warmUp = 12;
export const method =
  "`getPaymentStatus` through `SeqrClient` and through node-soap, with the service description and with connections " +
  "kept alive as ours are. Each is in a process of its own; the server is in another one and always gives the same " +
  "bytes. Two answers: _waiting_, which is the one that most calls get, and _paid_, with a receipt of four rows. " +
  "Processor time of the calling process, user and system, with its garbage collection. " +
  `${rounds} rounds of ${callsPerRound} calls of each, in turns, after ${warmUp * callsPerRound} calls of each to ` +
  "warm up.";

const here = dirname(fileURLToPath(import.meta.url));
const answers = ["waiting", "paid"];
const contenders = ["client", "node-soap"];

/** @returns {Promise<import("./report.mjs").Result[]>} */
export async function run() {
  const children = [];
  const start = (file, ...args) => {
    const child = fork(join(here, "soap-call", file), args, { stdio: "inherit" });
    children.push(child);
    return child;
  };
  try {
    const { url } = await messageFrom(start("server.mjs"));
    const results = [];
    for (const answer of answers) {
      const callers = [];
      const sent = [];
      for (const contender of contenders) {
        // One after the other, since the server keeps the latest message only.
        const caller = start("caller.mjs", contender, answer, url);
        await messageFrom(caller);
        callers.push(caller);
        sent.push(await (await fetch(`${url}/last`)).text());
      }
      refuseDifferent(sent);
      const measures = callers.map((caller) => () => processorTime(caller));
      const [client, nodeSoap] = await inTurns(measures, { rounds, warmUp });
      callers.forEach((caller) => caller.kill());
      results.push({
        measured: `One SOAP call (${answer})`,
        against: "node-soap",
        limit: 0.8,
        ratios: ratiosOf(client, nodeSoap),
        typical: [median(client), median(nodeSoap)],
        unit: `µs of processor time, ${rounds} rounds of ${callsPerRound} calls`,
      });
    }
    return results;
  } finally {
    children.forEach((child) => child.kill());
  }
}

/** Microseconds of processor time of one call, the mean of a round. */
async function processorTime(caller) {
  const answer = messageFrom(caller);
  caller.send({ calls: callsPerRound });
  const { microseconds } = await answer;
  return microseconds / callsPerRound;
}

/** All must say the same; how they write prefixes is their own business. */
function refuseDifferent(messages) {
  const said = (message) =>
    [...message.matchAll(/<([\w:]+)[^<>]*>([^<>]+)</g)].map(([, name, text]) => `${name} ${text}`);
  const [first, ...others] = messages.map((message) => said(message).join("\n"));
  if (first === "" || others.some((other) => other !== first))
    throw new Error(`The messages differ:\n${messages.join("\n\n")}`);
}

function messageFrom(child) {
  return new Promise((done, fail) => {
    const ended = (code) => fail(new Error(`a process of the benchmark ended (${code})`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      done(message);
    });
  });
}
