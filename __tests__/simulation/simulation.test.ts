import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { execPath } from "node:process";

/** Runs a script of this folder. @returns the lines that it printed */
function run(script: string, ...args: string[]): string[] {
  const { stdout, stderr, status } = spawnSync(execPath, [join(__dirname, script), ...args], {
    encoding: "utf8",
    maxBuffer: 64_000_000,
  });
  if (stderr !== "" || status === null || status > 1)
    throw new Error(`${script} ended with ${status}: ${stderr}`);
  return stdout.trimEnd().split("\n");
}

/** @returns what was found, as text when there are violations, so that a failure shows how to repeat it */
function simulate(seed: number, payments: number): { result: Record<string, unknown>; text: string } {
  const lines = run("run.mjs", "--seed", String(seed), "--payments", String(payments));
  return { result: JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>, text: lines.join("\n") };
}

describe("a simulated shop", () => {
  it("loses, doubles and keeps no money, and does the same again with the same seed", () => {
    const { result, text } = simulate(1, 1_800);
    if (result["violations"] !== 0) throw new Error(text);
    // It was not quiet: much of what can happen did.
    for (const what of [
      ...[
        "orders",
        "crashes",
        "database_failures",
        "notifications_lost",
        "payment.returned",
        "refund.unknown",
      ],
      ...["orders_canceled", "ended_expired", "cart_changes", "pays_otherwise", "fault_lost_answer"],
    ]) {
      expect([what, result[what]]).toEqual([what, expect.any(Number)]);
    }
    expect(simulate(1, 1_800).result["trace"]).toBe(result["trace"]);
  });

  it("does so with a seed that was never tried", () => {
    const { result, text } = simulate(randomInt(1_000_000, 1_000_000_000), 1_800);
    if (result["violations"] !== 0) throw new Error(text);
  });
});

describe("a simulated shop whose code", () => {
  const mutations = [
    "settles without the lock, and gives the same money to two completions",
    "repeats a refund of unknown outcome, whatever is left",
    "forgets a refund whose process died",
    "does not write PAID down",
    "keeps a second payment of the same cart",
    "keeps the money of an impossible order",
    "places an order over another sum than was paid, and tells nobody",
    "does not cancel at the end of the lifetime",
    "takes an invoice that is being paid for cancelled",
    "forgets a cancellation that SEQR did not confirm",
    "stops looking after a failure",
    "never takes over from a process that died",
    "never confirms what was handed to Medusa",
    "leaves the money of a cancelled order to Medusa alone",
    "does not make up for a refund that only Medusa knows",
  ];
  let found: { name: string; violations: number }[] = [];
  beforeAll(() => {
    found = run("run-mutations.mjs").map((line) => JSON.parse(line) as (typeof found)[number]);
  }, 600_000);

  it.each(mutations)("%s, is found out", (name) => {
    expect(found.find((one) => one.name === name)?.violations).toBeGreaterThan(0);
  });

  it("is broken in all the ways that are listed", () => {
    expect(found.map(({ name }) => name)).toEqual(mutations);
  });
});
