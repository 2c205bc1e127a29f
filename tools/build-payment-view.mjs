// Makes what a browser loads of the payment view: one module with the English texts, one for each further language, the
// React wrapper, and what only the page of a payment needs. Runs after `medusa plugin:build`, which empties the folder.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src", "payment-view", "browser");
const target = join(root, ".medusa", "server", "src", "payment-view", "browser");

export async function buildPaymentView() {
  await build({
    entryPoints: {
      "payment-view": join(source, "element.ts"),
      "own-page": join(source, "own-page.ts"),
      react: join(source, "react.ts"),
    },
    outdir: target,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    external: ["react"],
    chunkNames: "[name]",
    tsconfig: join(source, "tsconfig.json"),
    absWorkingDir: root,
  });
  // These are ES modules, also where Node reads them.
  writeFileSync(join(target, "package.json"), '{ "type": "module" }\n');
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const options = ["--emitDeclarationOnly", "--outDir", dirname(target)];
  execFileSync(process.execPath, [tsc, "-p", source, ...options], { stdio: "inherit" });
  // What describes an ES module has to name files with their endings.
  for (const name of readdirSync(target).filter((found) => found.endsWith(".d.ts"))) {
    const file = join(target, name);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/(from |import\()"(\.[^"]+)"/g, '$1"$2.js"'));
  }
}
