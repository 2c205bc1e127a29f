import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

describe("docs/protocol.md", () => {
  const sections = [
    ...readFileSync(join(root, "docs/protocol.md"), "utf8").matchAll(/^#{2,3} ([\d.]*\d)\.? /gm),
  ].map(([, number]) => number ?? "");

  it("has every section that the source cites", () => {
    const cited = ["src", "__tests__"]
      .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .flatMap((entry) => sectionsCited(readFileSync(join(entry.parentPath, entry.name), "utf8")));
    expect(cited.length).toBeGreaterThan(100);
    expect([...new Set(cited)].filter((number) => !sections.includes(number))).toEqual([]);
  });
});

/** The numbers in `PROTOCOL 2.3, 4.4 and 8`, also where the comment goes on in a new line. */
function sectionsCited(text: string): string[] {
  return [...text.matchAll(/PROTOCOL[\s*/]+(\d[\d., and\s*/]*)/g)].flatMap(([, list]) =>
    [...(list ?? "").matchAll(/\d+(\.\d+)?/g)].map(([number]) => number),
  );
}
