// How long Medusa takes to start, with the plugin and without it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchStore } from "./bench-store";
import type { Bench } from "./benchmark";
import type { Result } from "./report";
import { inTurns, median, ratiosOf } from "./statistics";

export const name = "store-start";
export const title = "Medusa's start";
const rounds = 11;
export const method =
  "`medusa start` of the same store and database, with its configuration as it is and with `withSeqr` taken out of " +
  `it; from the start of the process to Medusa's line "Server is ready". ${rounds} pairs, in turns, after one to warm up.`;

const READY = "Server is ready";

export async function run({ store, say }: Bench): Promise<Result[]> {
  const { directory } = await store.get();
  const file = join(directory, "medusa-config.js");
  const withPlugin = await readFile(file, "utf8");
  const withoutPlugin = takeOut(withPlugin);
  const starting = (config: string) => async (): Promise<number> => {
    await writeFile(file, config);
    return startOnce(store);
  };
  try {
    const { ours, others } = await inTurns(
      { ours: starting(withPlugin), others: starting(withoutPlugin) },
      { rounds, warmUp: 1, onRound: (round) => say(`${round} of ${rounds} pairs`) },
    );
    return [
      {
        measured: "Medusa's start with the plugin",
        against: "without the plugin",
        limit: 1.05,
        ratios: ratiosOf(ours, others),
        typical: [median(ours), median(others)],
        unit: `ms, ${rounds} pairs`,
      },
    ];
  } finally {
    await writeFile(file, withPlugin);
  }
}

/** Milliseconds until the server says that it is ready. */
async function startOnce(store: BenchStore): Promise<number> {
  let ready: number | undefined;
  const started = performance.now();
  const log = (text: string): void => {
    if (text.includes(READY)) ready ??= performance.now() - started;
  };
  const server = await store.start({ log });
  await server.stop();
  if (ready === undefined) throw new Error(`The store never said "${READY}":\n${server.output()}`);
  return ready;
}

/** The same configuration with a `withSeqr` that does nothing. */
function takeOut(config: string): string {
  const line = `const { withSeqr } = require("medusa-payment-seqr");`;
  if (!config.includes(line)) throw new Error(`The store's configuration lacks the line ${line}`);
  return config.replace(line, "const withSeqr = (config) => config;");
}
