// Looks at the packages of this repository as those who install them do: what Node, bundlers and TypeScript make of
// package.json (publint), and whether the types say what the code does (are-the-types-wrong).
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exit } from "node:process";
import { packFolder } from "../../testkit/npm";
import { root } from "../../testkit/root";
import { packageJsonIn } from "../build/package-entries";

const workspaces = join(root, "packages");
const folders = [
  root,
  ...(existsSync(workspaces) ? readdirSync(workspaces) : []).map((name) => join(workspaces, name)),
];

/** Medusa's dashboard builds it in; nothing else imports it. */
const withoutTypes = ["./admin"];

async function main(): Promise<void> {
  const packed = mkdtempSync(join(tmpdir(), "publish-check-"));
  const problems: string[] = [];
  try {
    for (const folder of folders) {
      const { name, type } = packageJsonIn(folder);
      const tarball = readFileSync(await packFolder(folder, packed));
      const found = [...(await lint(tarball)), ...(await wrongTypes(tarball, type === "module"))];
      problems.push(...found.map((problem) => `  ${name}: ${problem}`));
    }
  } finally {
    rmSync(packed, { recursive: true, force: true });
  }
  if (problems.length > 0) {
    console.error(`A package is not as it should be:\n${problems.join("\n")}`);
    exit(1);
  }
  console.log("publint and are-the-types-wrong have nothing to say.");
}

async function lint(tarball: Buffer): Promise<string[]> {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(tarball).buffer },
    strict: true,
  });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

async function wrongTypes(tarball: Buffer, isModule: boolean): Promise<string[]> {
  const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const { problemKindInfo } = await import("@arethetypeswrong/core/problems");
  const analysis = await checkPackage(createPackageFromTarballData(tarball), {
    excludeEntrypoints: withoutTypes,
  });
  if (!analysis.types) return ["it has no types"];
  const wrong = analysis.problems
    // A package of ES modules is for programs that can import those.
    .filter(({ kind }) => !(isModule && kind === "CJSResolvesToESM"))
    .map((problem) =>
      [
        "entrypoint" in problem && problem.entrypoint,
        "resolutionKind" in problem && problem.resolutionKind,
        problemKindInfo[problem.kind].shortDescription,
      ]
        .filter(Boolean)
        .join(" "),
    );
  return [...new Set(wrong)];
}

void main();
