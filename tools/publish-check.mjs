// Looks at the packages of this repository as those who install them do: what Node, bundlers and TypeScript make of
// package.json (publint), and whether the types say what the code does (are-the-types-wrong).
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { exit } from "node:process";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { problemKindInfo } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { npm } from "./store.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const workspaces = join(root, "packages");
const folders = [
  root,
  ...(existsSync(workspaces) ? readdirSync(workspaces) : []).map((name) => join(workspaces, name)),
];

/** Medusa's dashboard builds it in; nobody else imports it. */
const withoutTypes = ["./admin"];

async function problemsOf(folder, packed) {
  const { name, type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const output = await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", packed], folder);
  const [{ filename }] = Object.values(JSON.parse(output.slice(output.search(/[[{]/))));
  const tarball = readFileSync(join(packed, filename));

  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  const linted = messages.map((message) => formatMessage(message, pkg, { color: false }));

  const { problems } = await checkPackage(createPackageFromTarballData(tarball), {
    excludeEntrypoints: withoutTypes,
  });
  const wrong = problems
    // A package of ES modules is for programs that can import those.
    .filter(({ kind }) => !(type === "module" && kind === "CJSResolvesToESM"))
    .map(({ kind, entrypoint = "", resolutionKind = "" }) =>
      [entrypoint, resolutionKind, problemKindInfo[kind].shortDescription].filter(Boolean).join(" "),
    );
  return [...linted, ...new Set(wrong)].map((problem) => `  ${name}: ${problem}`);
}

const packed = mkdtempSync(join(tmpdir(), "publish-check-"));
const problems = [];
try {
  for (const folder of folders) problems.push(...(await problemsOf(folder, packed)));
} finally {
  rmSync(packed, { recursive: true, force: true });
}
if (problems.length > 0) {
  console.error(`A package is not as it should be:\n${problems.join("\n")}`);
  exit(1);
}
console.log("publint and are-the-types-wrong have nothing to say.");
