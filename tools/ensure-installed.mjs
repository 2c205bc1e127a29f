// Makes sure that the dependencies of package-lock.json are installed before anything else runs, so that one command is
// enough in a fresh clone. Prints nothing when there is nothing to do. Plain Node: it runs before any package is there.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, env, exit, platform, stdout, versions } from "node:process";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const progressEveryMilliseconds = 15_000;

/** Whether this Node can run Medusa (`^20.19.0 || >=22.12.0`, as package.json declares). */
export function isSupportedNode(version = versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

const readLock = (path) => JSON.parse(readFileSync(path, "utf8")).packages ?? {};

/** Whether `node_modules` of the directory holds what its lock file asks for. */
export function isInstalled(directory = root) {
  const lock = join(directory, "package-lock.json");
  const installed = join(directory, "node_modules", ".package-lock.json");
  // npm writes this file last, so a missing one also means an install that was interrupted.
  if (!existsSync(installed)) return false;
  if (!existsSync(lock) || statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return true;
  // A checkout makes the lock file newer without changing it. Optional packages may be left out (other platforms).
  const present = readLock(installed);
  return Object.entries(readLock(lock)).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" || present[path]?.version === version || ((optional || devOptional) && !present[path]),
  );
}

function install(directory) {
  const command = existsSync(join(directory, "package-lock.json")) ? "ci" : "install";
  console.log(`Installing the dependencies (npm ${command}); the first time this takes a few minutes.`);
  const started = Date.now();
  const child = spawn("npm", [command, "--no-audit", "--no-fund"], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit"],
    shell: platform === "win32", // npm is a .cmd file there
    env: { ...env, MEDUSA_DISABLE_TELEMETRY: "true" },
  });
  // npm draws its own progress on a terminal only.
  const progress = stdout.isTTY
    ? undefined
    : setInterval(
        () => console.log(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`),
        progressEveryMilliseconds,
      );
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => {
      clearInterval(progress);
      if (code === 0) done();
      else fail(new Error(`npm ${command} failed (exit code ${code}); its messages are above.`));
    });
  });
}

/** Installs the dependencies of the directory when they are missing or out of date. Throws when npm fails. */
export async function ensureInstalled(directory = root) {
  if (!isSupportedNode())
    throw new Error(
      `Node ${versions.node} is too old or an odd one out. Needed: 20.19 or a later 20, or 22.12 and later (see .nvmrc).`,
    );
  if (!isInstalled(directory)) await install(directory);
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url))
  await ensureInstalled().catch((error) => {
    console.error(error.message);
    exit(1);
  });
