import fc from "fast-check";
import { SeqrResultError } from "../../../src/seqr/errors";
import { RESULT_CODES, resultCode } from "../../../src/seqr/result-codes";

/** The codes of the service's interface (PROTOCOL 10). */
const DOCUMENTED = [
  0, 1, 2, 10, 11, 12, 13, 20, 21, 22, 23, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
  46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 90, 91, 92, 93, 94, 95, 96, 97, 98,
  99,
];
/** After these the requested thing may have happened. */
const UNKNOWN = [1, 90, 93, 94];

describe("the table of result codes", () => {
  it("has every documented code, once, and no other", () => {
    expect([...RESULT_CODES.keys()]).toEqual(DOCUMENTED);
    expect(new Set([...RESULT_CODES.values()].map(({ name }) => name)).size).toBe(DOCUMENTED.length);
  });

  it("takes 0 for success and nothing else", () => {
    for (const [code, { outcome }] of RESULT_CODES) expect(outcome === "done").toBe(code === 0);
  });

  it("knows after which codes the thing may have happened all the same", () => {
    const unknown = [...RESULT_CODES.values()].filter(({ outcome }) => outcome === "unknown");
    expect(unknown.map(({ code }) => code)).toEqual(UNKNOWN);
  });

  it.each([
    [2, "retry", "none"],
    [20, "stop", "merchant"],
    [29, "stop", "merchant"],
    [37, "stop", "merchant"],
    [48, "ask", "shopper"],
    [50, "ask", "shopper"],
    [51, "ask", "shopper"],
    [58, "ask", "shopper"],
    [62, "retry", "shopper"],
    [90, "ask", "seqr"],
    [93, "retry", "seqr"],
    [94, "retry", "seqr"],
    [95, "stop", "none"],
    [96, "ask", "merchant"],
    [98, "stop", "merchant"],
    [99, "stop", "seqr"],
  ])("says of %i what to do next and whose doing it is", (code, next, fault) => {
    expect(resultCode(code)).toMatchObject({ code, next, fault });
  });

  it("gives a person cause and cure in whole sentences", () => {
    for (const { cause, cure } of RESULT_CODES.values()) {
      expect(cause).toMatch(/^[A-Z].*\.$/);
      expect(cure).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("never takes an unlisted code for success or for a clear refusal", () => {
    fc.assert(
      fc.property(
        fc.integer().filter((code) => !DOCUMENTED.includes(code)),
        (code) => {
          expect(resultCode(code)).toMatchObject({ code, outcome: "unknown", next: "ask" });
          expect(new SeqrResultError("refundPayment", code, undefined).outcome).toBe("unknown");
        },
      ),
    );
  });

  it("makes an error of every code but 0, with the outcome of the table", () => {
    for (const { code, outcome, cause, cure } of RESULT_CODES.values()) {
      if (code === 0) continue;
      const error = new SeqrResultError("cancelInvoice", code, "WORDS");
      expect(error).toMatchObject({
        code: `SEQR_${code}`,
        outcome,
        reason: cause,
        cure,
        description: "WORDS",
      });
      expect(error.message).toContain(cause);
    }
  });
});
