import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS } from "../simulation/kinds";
import { MUTATIONS_OF_BOOKS } from "../simulation/mutations-of-books";

describe("what the documentation says of the simulation", () => {
  const page = (name: string): string => readFileSync(join(__dirname, "../..", name), "utf8");

  it("is how many bugs it has to find in the books", () => {
    expect(/must find each of (\d+) bugs/.exec(page("docs/books.md"))?.[1]).toBe(
      String(MUTATIONS_OF_BOOKS.length),
    );
  });

  it("is which kinds of worlds keep books", () => {
    const named = KINDS.filter(({ periods }) => periods !== "").map(({ name }) => name);
    for (const name of named) {
      expect(page("docs/books.md")).toContain(name);
      expect(page("CONTRIBUTING.md")).toContain(`\`${name}\``);
    }
    expect(named).toHaveLength(4);
  });
});
