import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/**
 * Expects that a page breaks no rule of WCAG 2.2 AA that a program can check.
 *
 * @param options.except rules that the page breaks only because a test put it together
 * @param options.within selects the part of the page that is ours; default: all of it
 */
export async function expectAccessible(
  page: Page,
  { except = [], within = "html" }: { except?: readonly string[]; within?: string } = {},
): Promise<void> {
  const found = await page.evaluate(
    async ([source, selector]) => {
      // The page's policy forbids scripts of others, so the test's own way in is used.
      const run = new Function(`${source}; return axe;`) as () => {
        run(
          within: object,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
      const { violations } = await run().run(document.querySelector(selector) ?? document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
      });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    },
    [AXE, within] as const,
  );
  expect(found.filter((finding) => !except.some((rule) => finding.startsWith(`${rule}:`)))).toEqual([]);
}
