import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const ledger = join(root, "src/modules/seqr");
const tables = readdirSync(join(ledger, "models")).map((file) =>
  file.replace(/\.ts$/, "").replaceAll("-", "_"),
);
const migrations = readdirSync(join(ledger, "migrations")).flatMap(
  (file) => /^(Migration\d+)\.ts$/.exec(file)?.[1] ?? [],
);
const read = (name: string): string => readFileSync(join(root, "docs", name), "utf8");

describe("docs/data.md", () => {
  it("says of every table what is in it and how long it is kept", () => {
    const rows = [...read("data.md").matchAll(/^\| `(seqr_\w+)`/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(tables.sort());
  });
});

describe("docs/uninstalling.md", () => {
  it("deletes every table, and has Medusa forget every migration", () => {
    const [, dropped = ""] = /drop table ([^;]+);/.exec(read("uninstalling.md")) ?? [];
    expect(dropped.split(/,\s*/).sort()).toEqual(tables.sort());
    const named = [...read("uninstalling.md").matchAll(/'(Migration\d+)'/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(migrations.sort());
  });
});
