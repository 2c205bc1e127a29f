import { oneLine } from "../../../src/errors/one-line";

describe("a text of somebody else's in a log line", () => {
  it.each([
    [
      "a line",
      "failed\nseqr event=payment.completed amount=100.00",
      "failed seqr event:payment.completed amount:100.00",
    ],
    ["a line, as Windows and others end one", "a\r\nb\u0085c\u2028d\u2029e\vf", "a b c d e f"],
    ["a colour, or what hides the rest", "a\u001b[2Kb\u0000c\u202Ed\u200Be", "a [2Kb c d e"],
  ])("cannot make itself %s", (_, text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it("is left as it is otherwise", () => {
    const said = new Error('Räksmörgås "à la carte" är slut (SEQR_97): 100,00 kr – 🦐');
    expect(oneLine(said)).toBe(String(said));
  });

  it("is not endless", () => {
    expect(oneLine("x".repeat(10_000))).toHaveLength(501);
  });
});
