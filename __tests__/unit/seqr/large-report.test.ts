import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import { runsTypeScript } from "../../../testkit/typescript";

/** Megabytes. The answer takes about a half of it; a tree of the report alone would take six times as much. */
const HEAP = 160;

it("a report of 100,000 rows is read with little more memory than its text takes", () => {
  const reader = join(__dirname, "large-report-reader.ts");
  const { stdout, stderr } = spawnSync(
    execPath,
    [`--max-old-space-size=${HEAP}`, ...runsTypeScript, reader],
    { encoding: "utf8" },
  );
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    rows: 100_000,
    last: {
      terminalId: "d8e0ff10ea214e5282899aa9697117c1",
      cashierId: "bob",
      salesAmount: "93.31",
      ersReference: "2012060410485453001100000",
    },
  });
}, 120_000);
