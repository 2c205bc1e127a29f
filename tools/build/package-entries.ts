// What package.json promises to the outside: the files behind `exports` and `bin`. Used by the build and the pack check.
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Entry = string | { [condition: string]: Entry };

/** As far as the build and the checks read it. */
export interface PackageJson {
  name: string;
  version: string;
  type?: string;
  exports?: Record<string, Entry>;
  bin?: string | Record<string, string>;
}

/** The package.json of a folder. */
export function packageJsonIn(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson;
}

function targetsOf(entry: Entry): string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry).flatMap(targetsOf);
}

/** Paths, relative to the package and without a leading "./", that must exist in a built package. Patterns are left out. */
export function declaredFiles(packageJson: PackageJson): string[] {
  const exported = Object.entries(packageJson.exports ?? {})
    .filter(([name]) => !name.includes("*"))
    .flatMap(([, entry]) => targetsOf(entry));
  const files = [...exported, ...commandFiles(packageJson)];
  return [...new Set(files.map((file) => file.replace(/^\.\//, "")))];
}

/** The files behind `bin`. */
export function commandFiles({ bin = {} }: PackageJson): string[] {
  return (typeof bin === "string" ? [bin] : Object.values(bin)).map((file) => file.replace(/^\.\//, ""));
}
