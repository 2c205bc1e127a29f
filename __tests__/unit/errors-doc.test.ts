import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES } from "../../src/errors/error-codes";
import { CLIENT_ERRORS, RESULT_CODES } from "../../src/seqr";

describe("docs/errors.md", () => {
  const rows = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `SEQR_"));
  const described = (code: string) => rows.filter((row) => row.startsWith(`| \`${code}\` |`));

  it.each([
    ...Object.entries(ERROR_CODES),
    ...Object.entries(CLIENT_ERRORS),
    ...[...RESULT_CODES.values()]
      .filter(({ code }) => code !== 0)
      .map((row) => [`SEQR_${row.code}`, row] as const),
  ])("says cause and cure of %s as the code does", (code, { cause, cure }) => {
    expect(described(code)).toEqual([expect.stringContaining(`| ${cause} | ${cure} |`)]);
  });

  it("describes nothing that does not exist", () => {
    const known = Object.keys(ERROR_CODES).length + Object.keys(CLIENT_ERRORS).length + RESULT_CODES.size - 1;
    expect(rows).toHaveLength(known);
  });
});
