// Looks at what `npm pack` would publish: everything a store needs, and nothing else.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { exit, platform } from "node:process";
import { fileURLToPath } from "node:url";
import { commandFiles, declaredFiles } from "./package-entries.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const sizeLimitBytes = 1_500_000;
const besideTheBuild = ["package.json", "README.md", "LICENSE", "CHANGELOG.md", "medusa-config.example.js"];
const built = /^\.medusa\/server\/src\/(.+\.(js|mjs|d\.ts|d\.mts)|payment-view\/browser\/package\.json)$/;
const forTests = /(^|\/)(__tests__|__fixtures__|__mocks__|fixtures|golden)\/|\.(test|spec)\./;
const documents = /^(SECURITY|docs\/(decisions\/)?[\w-]+)\.md$/;
const sourceMap = /^\/\/[#@] sourceMappingURL=/m;

/** Folders of somebody's computer: home folders in general, and those of the computer this runs on. */
const privatePaths = [
  /\/home\/[a-z_][\w.-]*\//,
  /\/Users\/[\w.-]+\//,
  /[A-Z]:\\{1,2}Users\\/,
  ...[root, homedir()].filter((path) => path.split(/[\\/]/).length > 2 || path === "/root").map(asPattern),
];

function asPattern(path) {
  return new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}[\\\\/]`);
}

function readPack() {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: platform === "win32", // npm is a .cmd file there
  });
  const [pack] = Object.values(JSON.parse(output)); // a list up to npm 11
  return { size: pack.size, paths: pack.files.map((file) => file.path.replaceAll("\\", "/")) };
}

function problemsOfFile(path) {
  const problems = [];
  if (!built.test(path) && !documents.test(path) && !besideTheBuild.includes(path))
    problems.push("does not belong into the package");
  if (forTests.test(path)) problems.push("is for tests");
  const text = readFileSync(join(root, path), "utf8");
  if (sourceMap.test(text)) problems.push("has a source map");
  const found = privatePaths.map((pattern) => pattern.exec(text)?.[0]).find(Boolean);
  if (found) problems.push(`holds a path of somebody's computer (${found})`);
  return problems.map((problem) => `${path} ${problem}`);
}

const { size, paths } = readPack();
const required = [...besideTheBuild, ...declaredFiles(packageJson)];
const problems = [
  ...required.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
  ...paths.flatMap(problemsOfFile),
  ...commandFiles(packageJson)
    .filter((path) => paths.includes(path) && !readFileSync(join(root, path), "utf8").startsWith("#!"))
    .map((path) => `${path} is a command but does not start with #!`),
];
if (size > sizeLimitBytes) problems.push(`The package has ${size} bytes, more than ${sizeLimitBytes}`);

if (problems.length > 0) {
  console.error(
    `The package is not as it should be:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
  );
  exit(1);
}
console.log(`The package holds ${paths.length} files and has ${size} bytes.`);
