// `npm run fuzz -- --seconds 60 --target xml`: sends whatever chance gives to what reads things from outside, until the
// time is over or something does not hold. What fails is made as small as it can be and shown. The last line is JSON.
import { randomInt } from "node:crypto";
import { argv, exit } from "node:process";
import { parseArgs } from "node:util";
import fc from "fast-check";
import type * as FuzzTargets from "./targets";
import { loadSource } from "../simulation/source";

const { TARGETS } = loadSource<typeof FuzzTargets>("__tests__/fuzz/targets.ts");
const targets = new Map(Object.entries(TARGETS));
const names = [...targets.keys()];

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    target: { type: "string", multiple: true, default: names },
    path: { type: "string" },
  },
});

async function main(): Promise<void> {
  const seconds = wholeNumber("seconds", values.seconds);
  const seed = wholeNumber("seed", values.seed);
  const unknown = values.target.find((name) => !targets.has(name));
  if (unknown !== undefined) fail(`--target is one of ${names.join(", ")}, not ${unknown}`);
  const found: { target: string; runs: number; failed: boolean }[] = [];
  for (const name of values.target) {
    const target = await targets.get(name)?.();
    if (!target) continue;
    const details = await fc.check(target.property, {
      seed,
      ...(values.path && { path: values.path, endOnFailure: true }),
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: (seconds * 1_000) / values.target.length,
    });
    await target.close();
    if (details.failed) {
      const { errorInstance, error, counterexample, counterexamplePath } = details;
      console.log(
        `${name}: ${(errorInstance as Error | null)?.stack ?? error}\n${fc.stringify(counterexample)}\n` +
          `To repeat: npm run fuzz -- --target ${name} --seed ${seed} --path ${counterexamplePath}`,
      );
    }
    found.push({ target: name, runs: details.numRuns, failed: details.failed });
  }
  const failures = found.filter(({ failed }) => failed).length;
  console.log(JSON.stringify({ seed, seconds, targets: found, failures }));
  exit(failures > 0 ? 1 : 0);
}

function wholeNumber(name: string, text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : fail(`--${name} is a whole number, not ${text}`);
}

function fail(message: string): never {
  console.error(message);
  return exit(2);
}

void main();
