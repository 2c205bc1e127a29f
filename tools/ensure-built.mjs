// Builds the plugin when there is no complete build, or when a source is newer than it. Prints nothing otherwise.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, env, exit, platform } from "node:process";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const inputs = ["src", "package.json", "tsconfig.json"];

/** Newest change at or below a path, in milliseconds. Folders count too: they change when a file goes away. */
function newest(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether `.medusa/server` is complete (finish-build.mjs left its mark) and newer than every source. */
export function isBuilt() {
  const mark = join(root, ".medusa", "complete");
  if (!existsSync(mark) || !existsSync(join(root, ".medusa", "server", "src"))) return false;
  return inputs.every((input) => newest(join(root, input)) < statSync(mark).mtimeMs);
}

/** Runs `npm run build` when needed. Throws when the build fails. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  console.log("Building the plugin (npm run build).");
  const child = spawn("npm", ["run", "build"], {
    cwd: root,
    stdio: "inherit",
    shell: platform === "win32", // npm is a .cmd file there
    env: { ...env, MEDUSA_DISABLE_TELEMETRY: "true" },
  });
  await new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0 ? done() : fail(new Error(`The build failed (exit code ${code}); its messages are above.`)),
    );
  });
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url))
  await ensureBuilt().catch((error) => {
    console.error(error.message);
    exit(1);
  });
