import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** ESLint loads its configuration as an ES module, which jest alone cannot. */
const LINT = `
  import { ESLint } from "eslint";
  const eslint = new ESLint();
  const found = [];
  for (const [filePath, text] of JSON.parse(process.argv[1])) {
    const [result] = await eslint.lintText(text, { filePath });
    const own = (result?.messages ?? []).filter(({ ruleId }) => ruleId === "words/forbidden");
    found.push(own.map(({ message }) => message.split("”")[0].slice(1)));
  }
  console.log(JSON.stringify(found));
`;

describe("the lint rule words/forbidden", () => {
  const texts: [filePath: string, text: string, words: string[]][] = [
    [
      "tools/one.mjs",
      'const isSettled = state === "declined"; // SEQR returns\n// the money, which is owed\n',
      ["Settled", "declined", "returns the money", "owed"],
    ],
    [
      "docs/one.md",
      "The money goes back, and nobody\nis told: it happens by\nitself.\n",
      ["goes back", "nobody", "told", "by itself"],
    ],
    [
      "tools/one.mjs",
      "void (await Promise.allSettled(all)); // allowed: fulfillment, fulfilled, followed, look up\n",
      [],
    ],
    ["docs/sandbox.md", "The bank declined.\n", []],
  ];

  it("refuses words with another meaning in payments, and phrases without the field's noun, but not the same letters", () => {
    const given = JSON.stringify(texts.map(([filePath, text]) => [filePath, text]));
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", LINT, given], {
      cwd: join(__dirname, "../.."),
      encoding: "utf8",
    });
    expect(JSON.parse(printed)).toEqual(texts.map(([, , words]) => words));
  }, 120_000);
});
