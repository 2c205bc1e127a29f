// Builds the plugin when there is no complete build, or when a source is newer than it. Prints nothing otherwise.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { env, platform } from "node:process";
import { root } from "../../testkit/root";
import { declaredFiles, packageJsonIn } from "./package-entries";

/** Left by postbuild.ts, and taken away with the folder when the next build begins. */
const mark = join(root, ".medusa", "server", "complete");

/** The folders of the packages that a build makes. */
const packages = ["", "packages/view"];

/** What a build has to make: the files that package.json, and that of the package for storefronts, declare. */
export function filesToBuild(): string[] {
  return packages.flatMap((folder) =>
    declaredFiles(packageJsonIn(join(root, folder))).map((file) => join(folder, file)),
  );
}

/** The files that a build is made from. Not the folders: the build itself puts files into them for a moment. */
function inputs(): string[] {
  const sources = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return [...packages.map((folder) => join(folder, "package.json")), "tsconfig.json", ...sources.sort()];
}

/** Marks the build as complete. It counts as made at the given time (milliseconds): sources changed since are newer. */
export function markComplete(madeAt: number): void {
  writeFileSync(mark, inputs().join("\n"));
  utimesSync(mark, madeAt / 1000, madeAt / 1000);
}

/** Whether there is a complete build, made from the files that are there now and newer than each of them. */
function isBuilt(): boolean {
  if (!existsSync(mark)) return false;
  const { mtimeMs: madeAt } = statSync(mark);
  const files = inputs();
  return (
    readFileSync(mark, "utf8") === files.join("\n") &&
    filesToBuild().every((file) => existsSync(join(root, file))) &&
    files.every((file) => statSync(join(root, file)).mtimeMs < madeAt)
  );
}

/** Runs `npm run build` when needed. Throws when the build fails. */
export async function ensureBuilt(): Promise<void> {
  if (isBuilt()) return;
  console.log("Building the plugin (npm run build).");
  const child = spawn("npm", ["run", "build"], {
    cwd: root,
    stdio: "inherit",
    shell: platform === "win32", // npm is a .cmd file there
    env: { ...env, MEDUSA_DISABLE_TELEMETRY: "true" },
  });
  await new Promise<void>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0 ? done() : fail(new Error(`The build failed (exit code ${code}); its messages are above.`)),
    );
  });
}
