// `npm run simulate -- --seed 1 --payments 10000`: lets payments happen in a simulated world and checks that no money was
// lost, doubled, or kept without an order. The last line is the result as JSON.
import { argv, cpuUsage, exit, hrtime } from "node:process";
import { parseArgs } from "node:util";
import { loadSource } from "./source.mjs";

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
const seed = wholeNumber("seed", values.seed);
const payments = wholeNumber("payments", values.payments);
const { simulate } = loadSource("__tests__/simulation/simulate.ts");

let shown = 0;
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
  JSON.stringify({ ...result, seconds: round(seconds), per_minute_of_processor_time: perMinute, violations }),
);
exit(violations > 0 ? 1 : 0);

function show(failure) {
  for (const { what, trace: happened } of failure.violations) {
    if (shown++ >= SHOWN) continue;
    console.log(`\n${what}\n${happened.map((line) => `  ${line}`).join("\n")}`);
  }
  const { violations: found, weather, kind, payments: needed } = failure;
  const only = ["weather", "kind", "about"].map((name) =>
    values[name] ? ` --${name} "${values[name]}"` : "",
  );
  console.log(
    `\n${found.length} violations in world ${failure.world} (${kind}, ${weather}). To repeat: ` +
      `npm run simulate -- --seed ${failure.seed} --payments ${needed}${only.join("")}`,
  );
}

function wholeNumber(name, text) {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name} is a whole number, not ${text}`);
  return exit(2);
}

function round(value) {
  return Math.round(value * 10) / 10;
}
