import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("docs/nextjs-storefront.md", () => {
  it("shows what stands in the storefront that is built and bought in", () => {
    let shown = 0;
    let text = "";
    for (const part of read("docs/nextjs-storefront.md").split(/^(?=```)/m)) {
      const [, code] = /^```tsx?\n([^]*)/.exec(part) ?? [];
      if (code === undefined) {
        text += part;
        continue;
      }
      const [how, path] =
        [...text.matchAll(/(?:Make )?`((?:src|apps\/backend)\/[^`]+\.tsx?)`/g)].at(-1) ?? [];
      expect(path).toBeDefined();
      if (how?.startsWith("Make")) expect(code).toBe(read(`examples/nextjs-storefront/${path}`));
      else expect(solid(fileOf(path ?? ""))).toContain(solid(code));
      shown += 1;
    }
    expect(shown).toBeGreaterThan(10);
  });
});

/** The file of the example, or of the backend that the tests install beside it. */
function fileOf(path: string): string {
  if (path.startsWith("src/")) return read(`examples/nextjs-storefront/${path}`);
  const config = read("__tests__/store/outside/workspace.ts");
  return config.replace("\\`\\${process.env.STOREFRONT_URL}", '"https://shop.example').replace("\\`,", '",');
}

/** Code without its layout: a part of a file stands further to the left in the guide. */
function solid(code: string): string {
  return code.replace(/\s+/g, "").replace(/;$/, "");
}
