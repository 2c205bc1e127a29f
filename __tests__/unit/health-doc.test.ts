import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FINDING_CODES } from "../../src/health/finding-codes";

describe("docs/health.md", () => {
  const text = readFileSync(join(__dirname, "../../docs/health.md"), "utf8");
  const rows = [
    ...text.matchAll(/^\| `(\w+)` +\| (ok|warning|error|unknown) +\| (.*?) +\| (.*?) +\|$/gm),
  ].map(([, code, level, cause, cure]) => [code, { level, cause, cure }] as const);

  it.each(Object.entries(FINDING_CODES))(
    "says level, cause and cure of %s",
    (code, { level, cause, cure }) => {
      expect(rows.filter(([name]) => name === code)).toEqual([[code, { level, cause, cure }]]);
    },
  );

  it("describes nothing that does not exist, and every check", () => {
    expect(rows).toHaveLength(Object.keys(FINDING_CODES).length);
    for (const { check } of Object.values(FINDING_CODES)) expect(text).toContain(`\`${check}\``);
  });
});
