import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const pages = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  ...["docs", "docs/decisions"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

const read = (page: string): string => readFileSync(join(root, page), "utf8");

/** What a page links to and shows: `docs/money.md#refunds`, `#refunds` in the page itself, or an address. */
const linksOf = (page: string): string[] =>
  [...read(page).matchAll(/\]\(([^)\s]+)\)|src="([^"]+\.webp)"/g)].map(
    ([, link, picture]) => link ?? picture ?? "",
  );

/** The anchors that GitHub gives a page's headings. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("a page", () => {
  it.each(pages)("%s links to files and headings that exist", (page) => {
    const dead = linksOf(page).filter((link) => {
      if (/^\w+:/.test(link)) return false;
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : join(dirname(page), decodeURI(file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(dead).toEqual([]);
  });
});
