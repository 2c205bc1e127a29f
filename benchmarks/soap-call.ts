// The processor time of one SOAP call: our client and node-soap, each in a process of its own, send the same message to a
// server, in a further process, that always gives the same answer.
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { runsTypeScript } from "../testkit/typescript";
import type { Result } from "./report";
import { inTurns, median, ratiosOf } from "./statistics";

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

const answers = ["waiting", "paid"];
/** Files of soap-call/ that make the calls. */
type Contender = "client" | "node-soap";

export async function run(): Promise<Result[]> {
  const children: ChildProcess[] = [];
  const start: Start = (file, ...args) => {
    const child = fork(join(__dirname, "soap-call", file), args, {
      stdio: "inherit",
      execArgv: runsTypeScript,
    });
    children.push(child);
    return child;
  };
  try {
    const { url } = await messageFrom<{ url: string }>(start("server.ts"));
    const results: Result[] = [];
    for (const answer of answers) results.push(await compare(answer, url, start));
    return results;
  } finally {
    children.forEach((child) => child.kill());
  }
}

type Start = (file: string, ...args: string[]) => ChildProcess;

/** Compares the contenders with one of the answers. */
async function compare(answer: string, url: string, start: Start): Promise<Result> {
  const callers: ChildProcess[] = [];
  const sent: string[] = [];
  const startCaller = async (contender: Contender): Promise<() => Promise<number>> => {
    const caller = start("caller.ts", contender, answer, url);
    callers.push(caller);
    await messageFrom(caller);
    sent.push(await (await fetch(`${url}/last`)).text());
    return () => processorTime(caller);
  };
  // One after the other, since the server keeps the latest message only.
  const measures = {
    client: await startCaller("client"),
    "node-soap": await startCaller("node-soap"),
  };
  refuseDifferent(sent);
  const times = await inTurns(measures, { rounds, warmUp });
  callers.forEach((caller) => caller.kill());
  return {
    measured: `One SOAP call (${answer})`,
    against: "node-soap",
    limit: 0.8,
    ratios: ratiosOf(times.client, times["node-soap"]),
    typical: [median(times.client), median(times["node-soap"])],
    unit: `µs of processor time, ${rounds} rounds of ${callsPerRound} calls`,
  };
}

/** Microseconds of processor time of one call, the mean of a round. */
async function processorTime(caller: ChildProcess): Promise<number> {
  const answer = messageFrom<{ microseconds: number }>(caller);
  caller.send({ calls: callsPerRound });
  const { microseconds } = await answer;
  return microseconds / callsPerRound;
}

/** All must say the same; how they write prefixes is their own business. */
function refuseDifferent(messages: string[]): void {
  const said = (message: string): string[] =>
    [...message.matchAll(/<([\w:]+)[^<>]*>([^<>]+)</g)].map(([, name, text]) => `${name} ${text}`);
  const [first, ...others] = messages.map((message) => said(message).join("\n"));
  if (first === "" || others.some((other) => other !== first))
    throw new Error(`The messages differ:\n${messages.join("\n\n")}`);
}

function messageFrom<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((done, fail) => {
    const ended = (code: number | null): void =>
      fail(new Error(`a process of the benchmark ended (${code})`));
    child.once("exit", ended);
    child.once("message", (message: Message) => {
      child.off("exit", ended);
      done(message);
    });
  });
}
