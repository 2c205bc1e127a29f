// `npm run simulate -- --seed 1 --payments 10000`: lets payments happen in a simulated world and checks that no money was
// lost, doubled, or kept without an order. The last line is the result as JSON.
import { argv, cpuUsage, exit, hrtime } from "node:process";
import { parseArgs } from "node:util";
import type * as Simulation from "./simulate";
import type { Failure } from "./simulate";
import { loadSource } from "./source";

/** Violations that are shown in full. */
const SHOWN = 6;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    seed: { type: "string", default: "1" },
    payments: { type: "string", default: "10000" },
    all: { type: "boolean", default: false },
    weather: { type: "string" },
    kind: { type: "string" },
    about: { type: "string" },
  },
});
let shown = 0;

async function main(): Promise<void> {
  const seed = wholeNumber("seed", values.seed);
  const payments = wholeNumber("payments", values.payments);
  const { simulate } = loadSource<typeof Simulation>("__tests__/simulation/simulate.ts");
  const started = hrtime.bigint();
  const before = cpuUsage();
  const { counts, violations, trace } = await simulate({
    seed,
    payments,
    weather: values.weather,
    kind: values.kind,
    about: values.about,
    stopAtFirst: !values.all,
    failed: show,
  });
  const { user, system } = cpuUsage(before);
  const seconds = Number(hrtime.bigint() - started) / 1e9;
  const perMinute = Math.round((payments * 60e6) / (user + system));
  const result = { seed, payments, ...counts, trace };
  console.log(
    JSON.stringify({
      ...result,
      seconds: round(seconds),
      per_minute_of_processor_time: perMinute,
      violations,
    }),
  );
  exit(violations > 0 ? 1 : 0);
}

function show({ violations, weather, kind, payments, world, seed }: Failure): void {
  for (const { what, trace } of violations) {
    if (shown++ >= SHOWN) continue;
    console.log(`\n${what}\n${trace.map((line) => `  ${line}`).join("\n")}`);
  }
  const only = (["weather", "kind", "about"] as const).map((name) =>
    values[name] ? ` --${name} "${values[name]}"` : "",
  );
  console.log(
    `\n${violations.length} violations in world ${world} (${kind}, ${weather}). To repeat: ` +
      `npm run simulate -- --seed ${seed} --payments ${payments}${only.join("")}`,
  );
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} is a whole number, not ${text}`);
  return exit(2);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

void main();
