import fc from "fast-check";
import { TARGETS } from "../fuzz/targets";

/** The same as `npm run fuzz`, and over sooner. */
describe("whatever comes from outside", () => {
  it.each(Object.keys(TARGETS))("is read or refused in order (%s)", async (name) => {
    const target = await TARGETS[name]?.();
    if (!target) throw new Error(name);
    try {
      await fc.assert(target.property, { numRuns: 1_000 });
    } finally {
      await target.close();
    }
  });
});
