// A headless Chromium for the browser tests, from an npm package: neither a browser nor system libraries nor fonts have
// to be installed. Set SEQR_CHROMIUM to the path of another Chromium or Chrome to use that one.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { arch, env, execPath, pid, platform } from "node:process";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type LaunchOptions } from "playwright-core";
import { root } from "./root";

const packageEntry = require.resolve("@sparticuz/chromium");

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--font-render-hinting=none",
];

/**
 * Starts a headless Chromium: the one of SEQR_CHROMIUM, else the packaged one, else one that is installed.
 * `args` are added to ours. Close the browser when done.
 */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const launch = (how: LaunchOptions): Promise<Browser> =>
    chromium.launch({
      ...options,
      ...how,
      args: [...args, ...(options.args ?? [])],
      env: { ...process.env, ...how.env },
    });

  if (env.SEQR_CHROMIUM) return launch({ executablePath: env.SEQR_CHROMIUM });
  const problems: string[] = [];
  for (const candidate of [packagedBrowser, ...installedBrowsers()])
    try {
      return await launch(await candidate());
    } catch (error) {
      problems.push((error as Error).message);
    }
  throw new Error(
    `No Chromium could be started. Set SEQR_CHROMIUM to the path of one.\n\n${problems.join("\n\n")}`,
  );
}

/** The Chromium of `@sparticuz/chromium`, unpacked once into `.cache`. */
async function packagedBrowser(): Promise<LaunchOptions> {
  if (platform !== "linux" || arch !== "x64")
    throw new Error("The packaged Chromium runs on Linux on x64 machines only.");
  const folder = await unpacked();
  const executablePath = join(folder, "chromium");
  const libraries = lacksLibraries(executablePath) ? { LD_LIBRARY_PATH: libraryPath(folder) } : {};
  return { executablePath, env: { ...libraries, FONTCONFIG_FILE: join(folder, "fonts.conf") } };
}

/**
 * The package unpacks into the temporary folder, takes whatever lies there under the name for complete, and leaves out
 * the libraries unless it believes to run on AWS Lambda. So it runs in a process of its own, with an environment that
 * suits us, and the result appears under its final name only when it is complete.
 */
async function unpacked(): Promise<string> {
  const packageJson = readFileSync(resolve(dirname(packageEntry), "../../package.json"), "utf8");
  const { version } = JSON.parse(packageJson) as { version: string };
  const folder = join(root, ".cache", `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${pid}`;
  mkdirSync(draft, { recursive: true });
  const script = `import(${JSON.stringify(pathToFileURL(packageEntry).href)}).then((it) => (it.default.default ?? it.default).executablePath())`;
  const child = spawn(execPath, ["-e", script], {
    env: { PATH: env.PATH, TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  if (code !== 0) throw new Error(`The packaged Chromium could not be unpacked into ${draft}.`);
  writeFileSync(join(draft, "fonts.conf"), fontSettings(folder));
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // another process was faster
  }
  return folder;
}

/** The packaged font for everything it can write, fonts of the system for other scripts and signs. */
function fontSettings(folder: string): string {
  const families = ["sans-serif", "serif", "monospace", "system-ui", "Arial", "Helvetica"];
  const aliases = families.map(
    (family) =>
      `<alias binding="same"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`,
  );
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
  ${aliases.join("\n  ")}
</fontconfig>
`;
}

function lacksLibraries(file: string): boolean {
  const { stdout, error } = spawnSync("ldd", [file], { encoding: "utf8" });
  return Boolean(error) || stdout.includes("not found");
}

function libraryPath(folder: string): string {
  return [join(folder, "al2023", "lib"), env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
}

function installedBrowsers(): (() => LaunchOptions)[] {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const inPath = (env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .filter((file) => existsSync(file))
    .map((executablePath) => () => ({ executablePath }));
  return [...inPath, () => ({ channel: "chrome" }), () => ({ channel: "msedge" })];
}
