import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { SandboxError } from "../errors";

/** Commands for the folder of a Medusa store, each a script of the package that `medusa exec` runs. */
export const STORE_COMMANDS: readonly string[] = [
  "ready-region",
  "trial-purchase",
  "close-books",
  "switch-off",
];

/** Whether a command is for a store's folder. */
export function isStoreCommand(command: string): boolean {
  return STORE_COMMANDS.includes(command);
}

/**
 * Runs a script of the package in the store of the current folder, as `medusa exec` does, wherever the package manager
 * installed the package.
 *
 * @returns the exit code
 * @throws {SandboxError} SANDBOX_NO_STORE when the folder has no Medusa
 */
export async function runInStore(command: string, args: string[]): Promise<number> {
  const script = join(__dirname, "..", "..", "scripts", `${command}.js`);
  const child = spawn(process.execPath, [medusaOf(process.cwd()), "exec", script, ...args], {
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}

/** Resolves Medusa's command line program from a folder. */
function medusaOf(folder: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve("@medusajs/cli/cli.js");
  } catch {
    throw new SandboxError("SANDBOX_NO_STORE", `${folder} does not find @medusajs/cli`);
  }
}
