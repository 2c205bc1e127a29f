import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import { runsTypeScript } from "../../testkit/typescript";

/** Milliseconds, so that a planted bug that never ends is a failure of its own test. */
const LIMIT = 20 * 60_000;

/** Runs a script of this folder. @returns the lines that it printed */
export function runScript(script: string, ...args: string[]): string[] {
  const { stdout, stderr, status } = spawnSync(
    execPath,
    [...runsTypeScript, join(__dirname, script), ...args],
    {
      encoding: "utf8",
      maxBuffer: 64_000_000,
      timeout: LIMIT,
    },
  );
  if (stderr !== "" || status === null || status > 1)
    throw new Error(`${script} ended with ${status}: ${stderr}`);
  return stdout.trimEnd().split("\n");
}
