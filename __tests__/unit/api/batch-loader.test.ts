import { BatchLoader } from "../../../src/api/token-gate/batch-loader";

/** A lookup that finds every key that begins with "real", and tells what it was asked. */
function lookup(most = 100) {
  const asked: string[][] = [];
  const state = { running: 0, most: 0, fails: false };
  const batched = new BatchLoader<string>({ every: 5, most }, async (keys) => {
    asked.push(keys);
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    state.running -= 1;
    if (state.fails) throw new Error("no database");
    return new Map(keys.filter((key) => key.startsWith("real")).map((key) => [key, `found ${key}`]));
  });
  return { batched, asked, state };
}

describe("a lookup in batches", () => {
  it("asks once for all that come at about the same time, and once for each key", async () => {
    const { batched, asked } = lookup();
    const keys = ["a", "real", "b", "real"];
    expect(await Promise.all(keys.map((key) => batched.find(key)))).toEqual([
      undefined,
      "found real",
      undefined,
      "found real",
    ]);
    expect(asked).toEqual([["a", "real", "b"]]);
  });

  it("asks one question at a time", async () => {
    const { batched, state, asked } = lookup();
    const found: Promise<unknown>[] = [];
    for (let i = 0; i < 10; i++) {
      found.push(batched.find(`real ${i}`));
      await new Promise((resolve) => setTimeout(resolve, 7));
    }
    expect(await Promise.all(found)).toEqual(Array.from({ length: 10 }, (_, i) => `found real ${i}`));
    expect(state.most).toBe(1);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.flat()).toHaveLength(10);
  });

  it("rejects keys above the size of a batch", async () => {
    const { batched, asked } = lookup(2);
    const found = await Promise.all(["a", "b", "real"].map((key) => batched.find(key)));
    expect(found).toEqual([undefined, undefined, "full"]);
    expect(asked).toEqual([["a", "b"]]);
    expect(await batched.find("real")).toBe("found real");
  });

  it("fails the waiting callers with the query's error, and queries again for the next", async () => {
    const { batched, state } = lookup();
    state.fails = true;
    const results = await Promise.allSettled([batched.find("a"), batched.find("real")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    state.fails = false;
    expect(await batched.find("real")).toBe("found real");
  });
});
