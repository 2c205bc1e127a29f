import { CircuitBreaker } from "../../../src/modules/seqr/operations/circuit-breaker";
import { startWorld } from "./seqr-world";
import { acquireDueLeasesAt, acquireOtherDueLeases } from "../../../src/modules/seqr/ledger/lease";

describe("whether SEQR is down", () => {
  it("is believed after five failures in a row, until one call succeeds", () => {
    const breaker = new CircuitBreaker();
    for (let failures = 1; failures <= 5; failures++) {
      expect(breaker.isOpen).toBe(false);
      breaker.record("SEQR_UNREACHABLE");
    }
    expect(breaker.isOpen).toBe(true);
    breaker.record("SEQR_TIMEOUT");
    expect(breaker.isOpen).toBe(true);
    breaker.record(0);
    expect(breaker.isOpen).toBe(false);
  });

  it("does not follow from refusals: they are answers", () => {
    const breaker = new CircuitBreaker();
    for (let calls = 0; calls < 20; calls++) breaker.record("SEQR_54");
    expect(breaker.isOpen).toBe(false);
    for (let calls = 0; calls < 20; calls++) breaker.record(calls % 5 === 4 ? "SEQR_51" : "SEQR_94");
    expect(breaker.isOpen).toBe(false);
  });

  it("leaves one invoice at a time to ask for, and everything else to be worked on", async () => {
    const world = await startWorld();
    try {
      const { context: seqr, terminal } = world;
      const { endpoint } = terminal;
      const acquire = async () => [
        ...(await acquireDueLeasesAt(seqr, endpoint, 20)),
        ...(await acquireOtherDueLeases(seqr, 20)),
      ];
      for (let purchase = 0; purchase < 4; purchase++) {
        await world.issue({ paymentCollectionId: `pay_col_${purchase}` });
      }
      const paid = [await world.paid(), await world.paid()];
      world.pass(30);
      for (let failures = 0; failures < 5; failures++) endpoint.breaker.record("SEQR_UNREACHABLE");
      const taken = await acquire();
      expect(taken.map(({ state }) => state).sort()).toEqual(["open", "paid", "paid"]);
      expect(taken.map(({ id }) => id)).toEqual(expect.arrayContaining(paid.map(({ id }) => id)));
      endpoint.breaker.record(0);
      expect((await acquire()).map(({ state }) => state)).toEqual(["open", "open", "open"]);
    } finally {
      await world.stop();
    }
  });
});
