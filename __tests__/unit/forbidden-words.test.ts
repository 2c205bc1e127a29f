import { ESLint } from "eslint";
import { join } from "node:path";

describe("the lint rule words/forbidden", () => {
  const eslint = new ESLint({ cwd: join(__dirname, "../..") });
  const found = async (filePath: string, text: string): Promise<string[]> => {
    const [result] = await eslint.lintText(text, { filePath });
    return (result?.messages ?? []).flatMap(({ ruleId, message }) =>
      ruleId === "words/forbidden" ? [message.split("”")[0]?.slice(1) ?? ""] : [],
    );
  };

  it("refuses words with another meaning in payments, in names and across the lines of a comment", async () => {
    const code = 'const isSettled = state === "declined"; // SEQR returns\n// the money, which is owed\n';
    expect(await found("tools/one.mjs", code)).toEqual(["Settled", "declined", "returns the money", "owed"]);
  }, 30_000);

  it("refuses phrases without the field's noun in documents", async () => {
    const page = "The money goes back, and nobody\nis told: it happens by\nitself.\n";
    expect(await found("docs/one.md", page)).toEqual(["goes back", "nobody", "told", "by itself"]);
  });

  it("accepts the same letters in other words", async () => {
    const code =
      "void (await Promise.allSettled(all)); // allowed: fulfillment, fulfilled, followed, look up\n";
    expect(await found("tools/one.mjs", code)).toEqual([]);
    expect(await found("docs/sandbox.md", "The bank declined.\n")).toEqual([]);
  });
});
