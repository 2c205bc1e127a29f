import { createHash } from "node:crypto";
import { hashToken, newToken } from "../../../src/modules/seqr/invoice/tokens";

describe("a token", () => {
  it("is 256 random bits that fit into an address as they are", () => {
    const token = newToken();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(encodeURIComponent(token)).toBe(token);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
  });

  it("never comes twice", () => {
    const tokens = Array.from({ length: 10_000 }, newToken);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it("is kept as its SHA-256", () => {
    const token = newToken();
    expect(hashToken(token)).toBe(createHash("sha256").update(token).digest("hex"));
    expect(hashToken(token)).not.toContain(token);
    expect(hashToken(newToken())).not.toBe(hashToken(token));
  });

  const good = "A".repeat(43);
  it.each([
    ["nothing", undefined],
    ["null", null],
    ["an empty text", ""],
    ["a short one", good.slice(1)],
    ["a long one", `${good}A`],
    ["a very long one", "A".repeat(1_000_000)],
    ["one with a foreign character", `${good.slice(1)}=`],
    ["one with a percent sign", `${good.slice(3)}%00`],
    ["one with a path in it", `../${good.slice(3)}`],
    ["one with a line break at its end", `${good}\n`],
    ["one with a line break before its end", `${good.slice(1)}\n`],
    ["one with letters outside ASCII", `${good.slice(1)}ä`],
    ["a list", [good]],
    ["an object that says it is one", { toString: () => good }],
    ["a number", 43],
  ])("that is %s is none of ours", (_, token) => {
    expect(hashToken(token)).toBeUndefined();
  });
});
