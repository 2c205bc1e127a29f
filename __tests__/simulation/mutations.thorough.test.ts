import { MUTATIONS } from "./mutations";
import { runScript } from "./run-script";

describe("a simulated shop whose code", () => {
  const mutations = MUTATIONS.map(({ name }) => name);
  let found: { name: string; violations: number }[] = [];
  beforeAll(() => {
    found = runScript("run-mutations.ts").map((line) => JSON.parse(line) as (typeof found)[number]);
  }, 1_200_000);

  it.each(mutations)("%s, is found out", (name) => {
    expect(found.find((one) => one.name === name)?.violations).toBeGreaterThan(0);
  });

  it("is broken in all the ways that are listed", () => {
    expect(found.map(({ name }) => name)).toEqual(mutations);
  });
});
