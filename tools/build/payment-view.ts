// Makes what a browser loads of the payment view: one module with the English texts, and one for each further language.
// The plugin gets them, with what only the page of a payment needs, to serve them; they have to be built after
// `medusa plugin:build`, which empties the folder. The package for storefronts, packages/view, gets the same files, with
// the wrapper for React and the types.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../../testkit/root";

const source = join(root, "src", "payment-view", "browser");
const served = join(root, ".medusa", "server", "src", "payment-view", "browser");
const installed = join(root, "packages", "view", "dist");

/** Builds the payment view for both packages. */
export async function buildPaymentView(): Promise<void> {
  await bundle(served, "own-page");
  // These are ES modules, also where Node reads them.
  writeFileSync(join(served, "package.json"), '{ "type": "module" }\n');
  rmSync(installed, { recursive: true, force: true });
  await bundle(installed, "react");
  describe(join(installed, "types"));
}

/** @param other what the folder gets besides the element: the name of a source */
async function bundle(folder: string, other: string): Promise<void> {
  await build({
    entryPoints: { "payment-view": join(source, "element.ts"), [other]: join(source, `${other}.ts`) },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    // Browsers read every module as UTF-8. Escaped letters would make the languages larger.
    charset: "utf8",
    legalComments: "none",
    external: ["react"],
    chunkNames: "[name]",
    tsconfig: join(source, "tsconfig.json"),
    absWorkingDir: root,
  });
}

function describe(folder: string): void {
  const tsc = require.resolve("typescript/bin/tsc");
  const options = ["--emitDeclarationOnly", "--outDir", folder];
  execFileSync(process.execPath, [tsc, "-p", source, ...options], { stdio: "inherit" });
  // What describes an ES module has to name files with their endings.
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((found) =>
    found.endsWith(".d.ts"),
  )) {
    const file = join(folder, name);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/(from |import\()"(\.[^"]+)"/g, '$1"$2.js"'));
  }
}
