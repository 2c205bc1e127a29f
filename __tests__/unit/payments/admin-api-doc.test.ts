import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PAYMENT_COLUMNS } from "../../../src/payments/export-payments";

const root = join(__dirname, "../../..");
const page = readFileSync(join(root, "docs/admin-api.md"), "utf8");
const types = readFileSync(join(root, "src/http-types/payments.ts"), "utf8");
const names = (pattern: RegExp): string[] => [
  ...new Set([...types.matchAll(pattern)].map(([, name]) => name ?? "")),
];

describe("docs/admin-api.md", () => {
  it.each(names(/^ {2}(\w+)\??:/gm))("names the field or parameter %s", (name) => {
    expect(page).toMatch(new RegExp(`[\`"]${name}[\`"]`));
  });

  it.each(names(/\| "(\w+)"/g))("explains %s", (word) => {
    expect(page).toMatch(new RegExp(`\`${word}\``));
  });

  it("has all columns of the export, which are the fields of a row", () => {
    const [, row = ""] = /interface AdminSeqrPaymentRow \{([^]*?)\n\}/.exec(types) ?? [];
    const fields = [...row.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name);
    expect([...PAYMENT_COLUMNS.names].sort()).toEqual(fields.sort());
  });
});
