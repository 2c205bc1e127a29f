import { runScript } from "./run-script";

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
    found = runScript("run-mutations.mjs").map((line) => JSON.parse(line) as (typeof found)[number]);
  }, 600_000);

  it.each(mutations)("%s, is found out", (name) => {
    expect(found.find((one) => one.name === name)?.violations).toBeGreaterThan(0);
  });

  it("is broken in all the ways that are listed", () => {
    expect(found.map(({ name }) => name)).toEqual(mutations);
  });
});
