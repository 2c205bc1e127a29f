import { readdirSync } from "node:fs";
import { join } from "node:path";
import { languageOf } from "../../../src/payment-view/page";
import { primaryOf } from "../../../src/payment-view/format";
import { ALL_TEXTS } from "../../../src/payment-view/locales/all";
import type { Texts } from "../../../src/payment-view/locales/texts";

const languages = Object.entries<Texts>(ALL_TEXTS);
const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the words of the view", () => {
  it("are there in every language that has a file", () => {
    const files = readdirSync(join(__dirname, "../../../src/payment-view/locales"))
      .map((name) => name.replace(".ts", ""))
      .filter((name) => name !== "all" && name !== "texts");
    expect(Object.keys(ALL_TEXTS).sort()).toEqual(files.sort());
    expect(Object.keys(ALL_TEXTS)).toEqual(
      expect.arrayContaining("en sv de fi nb da nl fr es pt pl ro it".split(" ")),
    );
  });

  describe.each(languages)("in %s", (language, texts) => {
    it("have every key, and nothing empty", () => {
      expect(Object.keys(texts).sort()).toEqual(Object.keys(ALL_TEXTS.en).sort());
      expect(Object.values(texts).filter((text) => text.trim() === "")).toEqual([]);
    });

    it("fill in what English does, except what a sentence can do without", () => {
      for (const [key, english] of Object.entries(ALL_TEXTS.en)) {
        expect([key, placeholders(texts[key as keyof Texts])]).toEqual([key, placeholders(english)]);
      }
    });

    it("are not those of English", () => {
      const same = Object.entries(texts).filter(([key, text]) => text === ALL_TEXTS.en[key as keyof Texts]);
      // Some words are the same in two languages.
      if (language !== "en") expect(same.length).toBeLessThan(4);
    });

    it("differ between states", () => {
      const { preparing, checking, placing, ...others } = texts;
      const headings = Object.entries(others).filter(([key]) => `${key}Text` in texts);
      expect(new Set(headings.map(([, text]) => text)).size).toBe(headings.length);
      expect(preparing).toBe(checking);
      expect(placing).toBe(texts.paid);
    });
  });
});

describe("the language", () => {
  it.each([
    ["sv", "sv"],
    ["sv-SE,sv;q=0.9,en;q=0.8", "sv-SE"],
    ["tlh, de-AT;q=0.5", "de-AT"],
    ["nn-NO", "nn-NO"],
    ["*", "en"],
    ["", "en"],
    [undefined, "en"],
    ["constructor", "en"],
    ['sv"><script>', "en"],
    ["toString,fi", "fi"],
  ])("asked for as %s is %s", (asked, expected) => {
    expect(languageOf(asked)).toBe(expected);
  });

  it("of both kinds of Norwegian is Bokmål here", () => {
    expect(["no", "nn-NO", "nb"].map(primaryOf)).toEqual(["nb", "nb", "nb"]);
  });
});
