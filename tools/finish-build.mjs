// Runs after `medusa plugin:build`: builds the payment view, makes the commands executable, drops the inline source maps that the build adds
// (the package holds no sources they could lead to), and refuses a build in which a declared entry point is missing.
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { exit } from "node:process";
import { fileURLToPath } from "node:url";
import { buildPaymentView } from "./build-payment-view.mjs";
import { filesToBuild, markComplete } from "./ensure-built.mjs";
import { commandFiles } from "./package-entries.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const built = join(root, ".medusa", "server", "src");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

await buildPaymentView();

const missing = filesToBuild().filter((file) => !existsSync(join(root, file)));
if (missing.length > 0) {
  console.error(
    `The build lacks what package.json declares:\n${missing.map((file) => `  ${file}`).join("\n")}`,
  );
  exit(1);
}

const files = readdirSync(built, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const oldest = Math.min(...files.map((file) => statSync(file).mtimeMs));

for (const file of files.filter((name) => /\.m?js$/.test(name))) {
  const text = readFileSync(file, "utf8");
  const clean = text.replace(/\n?\/\/# sourceMappingURL=data:\S+\s*$/, "\n");
  if (clean !== text) writeFileSync(file, clean);
}
for (const file of commandFiles(packageJson)) chmodSync(join(root, file), 0o755);

markComplete(oldest);
