// Makes sure that the dependencies of package-lock.json are installed before anything else runs, so that one command is
// enough in a fresh clone. Prints nothing when there is nothing to do.
// Plain JavaScript: it runs before there is any package, and so before anything that could read TypeScript.
const { spawn } = require("node:child_process");
const { existsSync, readFileSync, statSync } = require("node:fs");
const { join, resolve } = require("node:path");
const { env, exit, platform, stdout, versions } = require("node:process");

const root = resolve(__dirname, "..", "..");
const progressEveryMilliseconds = 15_000;

/** Whether this Node can run Medusa (`^20.19.0 || >=22.12.0`, as package.json declares). */
function isSupportedNode() {
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>}
 */
function readLock(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
}

/** Whether `node_modules` holds what the lock file asks for. */
function isInstalled() {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
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

/** @returns {Promise<void>} */
function install() {
  const command = existsSync(join(root, "package-lock.json")) ? "ci" : "install";
  console.log(`Installing the dependencies (npm ${command}); the first time this takes a few minutes.`);
  const started = Date.now();
  const child = spawn("npm", [command, "--no-audit", "--no-fund"], {
    cwd: root,
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

async function main() {
  if (!isSupportedNode())
    throw new Error(
      `Node ${versions.node} is too old or an odd one out. Needed: 20.19 or a later 20, or 22.12 and later (see .nvmrc).`,
    );
  if (!isInstalled()) await install();
}

main().catch((error) => {
  console.error(error.message);
  exit(1);
});
