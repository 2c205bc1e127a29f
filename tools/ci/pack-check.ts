// Looks at what `npm pack` would publish: everything a store needs, and nothing else.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { exit, platform } from "node:process";
import { root } from "../../testkit/root";
import { commandFiles, declaredFiles, packageJsonIn } from "../build/package-entries";

/** What is demanded of a package. */
interface Demands {
  folder: string;
  sizeLimitBytes: number;
  besideTheBuild: string[];
  /** The files of the build that belong into it. */
  built: RegExp;
}

/** The packages of this repository. */
const packages: Demands[] = [
  {
    folder: root,
    sizeLimitBytes: 1_500_000,
    besideTheBuild: ["package.json", "README.md", "LICENSE", "CHANGELOG.md", "medusa-config.example.js"],
    built: /^\.medusa\/server\/src\/(.+\.(js|mjs|d\.ts|d\.mts)|payment-view\/browser\/package\.json)$/,
  },
  {
    folder: join(root, "packages", "view"),
    sizeLimitBytes: 50_000,
    besideTheBuild: ["package.json", "README.md", "LICENSE"],
    built: /^dist\/([\w-]+\.js|types\/.+\.d\.ts)$/,
  },
];
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

function asPattern(path: string): RegExp {
  return new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}[\\\\/]`);
}

/** What `npm pack` says of a package. */
interface Pack {
  size: number;
  files: { path: string }[];
}

function readPack(folder: string): { size: number; paths: string[] } {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: platform === "win32", // npm is a .cmd file there
  });
  const [pack] = Object.values(JSON.parse(output) as Record<string, Pack>); // a list up to npm 11
  if (!pack) throw new Error(`npm pack says nothing of ${folder}`);
  return { size: pack.size, paths: pack.files.map((file) => file.path.replaceAll("\\", "/")) };
}

function problemsOfFile(path: string, { folder, built, besideTheBuild }: Demands): string[] {
  const problems: string[] = [];
  if (!built.test(path) && !documents.test(path) && !besideTheBuild.includes(path))
    problems.push("does not belong into the package");
  if (forTests.test(path)) problems.push("is for tests");
  const text = readFileSync(join(folder, path), "utf8");
  if (sourceMap.test(text)) problems.push("has a source map");
  const found = privatePaths.map((pattern) => pattern.exec(text)?.[0]).find(Boolean);
  if (found) problems.push(`holds a path of somebody's computer (${found})`);
  return problems.map((problem) => `${path} ${problem}`);
}

/** Prints what is wrong with a package, or how large it is. Returns whether it is as it should be. */
function check(demands: Demands): boolean {
  const { folder, sizeLimitBytes, besideTheBuild } = demands;
  const packageJson = packageJsonIn(folder);
  const { size, paths } = readPack(folder);
  const required = [...besideTheBuild, ...declaredFiles(packageJson)];
  const problems = [
    ...required.filter((path) => !paths.includes(path)).map((path) => `${path} is missing`),
    ...paths.flatMap((path) => problemsOfFile(path, demands)),
    ...commandFiles(packageJson)
      .filter((path) => paths.includes(path) && !readFileSync(join(folder, path), "utf8").startsWith("#!"))
      .map((path) => `${path} is a command but does not start with #!`),
  ];
  if (packageJson.version !== packageJsonIn(root).version)
    problems.push("Its version is not that of the plugin");
  if (size > sizeLimitBytes) problems.push(`The package has ${size} bytes, more than ${sizeLimitBytes}`);
  const isGood = problems.length === 0;
  if (isGood) console.log(`${packageJson.name} holds ${paths.length} files and has ${size} bytes.`);
  else
    console.error(
      `${packageJson.name} is not as it should be:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
    );
  return isGood;
}

const results = packages.map(check);
exit(results.every(Boolean) ? 0 : 1);
