// Runs after `medusa plugin:build`: builds the payment view, names the parts of the admin's bundle, makes the commands executable, drops the inline source maps that the build adds
// (the package holds no sources they could lead to), and refuses a build in which a declared entry point is missing.
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../testkit/root";
import { nameAdminChunks } from "./admin-chunks";
import { filesToBuild, markComplete } from "./ensure-built";
import { commandFiles, packageJsonIn } from "./package-entries";
import { buildPaymentView } from "./payment-view";

const built = join(root, ".medusa", "server", "src");

async function main(): Promise<void> {
  await buildPaymentView();
  nameAdminChunks(join(built, "admin"));

  const missing = filesToBuild().filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0)
    throw new Error(
      `The build lacks what package.json declares:\n${missing.map((file) => `  ${file}`).join("\n")}`,
    );

  const files = readdirSync(built, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const oldest = Math.min(...files.map((file) => statSync(file).mtimeMs));

  files.filter((name) => /\.m?js$/.test(name)).forEach(dropSourceMap);
  for (const file of commandFiles(packageJsonIn(root))) chmodSync(join(root, file), 0o755);

  markComplete(oldest);
}

function dropSourceMap(file: string): void {
  const text = readFileSync(file, "utf8");
  const clean = text.replace(/\n?\/\/# sourceMappingURL=data:\S+\s*$/, "\n");
  if (clean !== text) writeFileSync(file, clean);
}

void main();
