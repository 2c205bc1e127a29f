// Runs npm and other programs to their end, and packs the packages of this repository.
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./root";

export interface RunOptions {
  /** Receives what the program prints. */
  log?: (text: string) => void;
  /** Ends the program; the function then throws. */
  signal?: AbortSignal;
}

/** Packs the plugin. Returns the tarball's path. */
export function pack(directory: string, options?: RunOptions): Promise<string> {
  return packFolder(root, directory, options);
}

/** Packs the package for storefronts. Returns the tarball's path. */
export function packView(directory: string, options?: RunOptions): Promise<string> {
  return packFolder(join(root, "packages", "view"), directory, options);
}

/** Packs the package in a folder. Returns the tarball's path. */
export async function packFolder(folder: string, directory: string, options?: RunOptions): Promise<string> {
  await mkdir(directory, { recursive: true });
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", directory];
  const output = await npm(args, folder, options);
  // A list up to npm 11, an object by package name after it.
  const packed = JSON.parse(output.slice(output.search(/[[{]/))) as Record<string, { filename: string }>;
  const [first] = Object.values(packed);
  if (!first) throw new Error(`npm pack made nothing of ${folder}:\n${output}`);
  return join(directory, first.filename);
}

/** Runs npm in a folder. Returns what it printed. */
export function npm(args: string[], cwd: string, options: RunOptions = {}): Promise<string> {
  return run("npm", [...args, "--no-audit", "--no-fund"], {
    ...options,
    cwd,
    env: { ...process.env, MEDUSA_DISABLE_TELEMETRY: "true" },
    name: `npm ${args[0]}`,
    shell: process.platform === "win32", // npm is a .cmd file there
  });
}

/**
 * Runs a program to its end. An exit code other than 0 throws with all that the program printed.
 *
 * @param options.name of the command, for people
 * @returns what it printed to its standard output
 */
export function run(
  command: string,
  args: string[],
  {
    name = command,
    log = () => {},
    ...options
  }: RunOptions & { cwd: string; env?: NodeJS.ProcessEnv; name?: string; shell?: boolean },
): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { ...options, stdio: "pipe" });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += String(chunk);
      log(String(chunk));
    });
    child.stderr.on("data", (chunk: Buffer) => {
      errors += String(chunk);
      log(String(chunk));
    });
    child.stdin.on("error", () => {});
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) done(output);
      else fail(new Error(`${name} failed (${code}):\n${output}${errors}`));
    });
  });
}
