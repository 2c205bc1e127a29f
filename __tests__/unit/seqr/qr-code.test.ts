import fc from "fast-check";
import jsQR from "jsqr";
import { qrSvg } from "../../../src/seqr/qr-code";

/** Draws the dark strokes of the document, `pixels` to a module, as a scanner would see them. */
function rasterise(svg: string, pixels = 4) {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const strokes = /<path stroke="#000000" d="([^"]*)"\/>/.exec(svg)?.[1] ?? "";
  const width = size * pixels;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  const dark: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command, numbers = ""] of strokes.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const [a = 0, b = 0] = numbers.split(/[ ,]|(?<=\d)(?=-)/).map(Number);
    if (command === "M") [x, y] = [a, b];
    else if (command === "m") [x, y] = [x + a, y + b];
    else if (command === "h") for (const end = x + a; x < end; x++) dark.push([x, Math.floor(y)]);
    else throw new Error(`unexpected command ${command}`);
  }
  for (const [column, line] of dark) {
    for (let i = 0; i < pixels * pixels; i++) {
      const at = (line * pixels + Math.floor(i / pixels)) * width + column * pixels + (i % pixels);
      data.fill(0, at * 4, at * 4 + 3);
    }
  }
  return { size, width, data, dark };
}

const decode = (svg: string): string | undefined => {
  const { data, width } = rasterise(svg);
  return jsQR(data, width, width, { inversionAttempts: "dontInvert" })?.data;
};

describe("the QR code", () => {
  it.each(["HTTP://SEQR.SE/R1234567890123", "HTTP://SEQR.SE/R20260102030405678", "http://seqr.se/Rabc?ö=1"])(
    "of %s is read as just that",
    async (text) => {
      expect(decode(await qrSvg(text))).toBe(text);
    },
  );

  it("holds any reference", async () => {
    const reference = fc.stringOf(fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz-._%"), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(reference, async (text) => {
        expect(decode(await qrSvg(`HTTP://SEQR.SE/R${text}`))).toBe(`HTTP://SEQR.SE/R${text}`);
      }),
      { numRuns: 30 },
    );
  });

  it("has four light modules around it and keeps a small size for capitals", async () => {
    const { size, dark } = rasterise(await qrSvg("HTTP://SEQR.SE/R20260102030405678"));
    const edges = dark.flat();
    expect(Math.min(...edges)).toBe(4);
    expect(Math.max(...edges)).toBe(size - 5);
    // Version 2 has 25 modules; small letters would need more.
    expect(size).toBe(25 + 8);
  });

  it("has error correction of level M, as printed codes need it", async () => {
    const { dark } = rasterise(await qrSvg("HTTP://SEQR.SE/R1234567890123"));
    const isDark = (column: number, line: number) =>
      dark.some(([x, y]) => x === column + 4 && y === line + 4);
    // The first two bits of the format information, masked with 10; M is 00.
    expect([isDark(0, 8), isDark(1, 8)]).toEqual([true, false]);
  });

  it("is a document without script and style, so that a strict policy lets it pass", async () => {
    const svg = await qrSvg("HTTP://SEQR.SE/R1");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*>(<path [^<>]*\/>)+<\/svg>\s*$/);
    expect(svg).not.toMatch(/style|script|href|\son\w+=/i);
  });
});
