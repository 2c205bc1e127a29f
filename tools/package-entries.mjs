// What package.json promises to the outside: the files behind `exports` and `bin`. Used by the build and the pack check.

const targetsOf = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry).flatMap(targetsOf));

/** Paths, relative to the package and without a leading "./", that must exist in a built package. Patterns are left out. */
export function declaredFiles(packageJson) {
  const exported = Object.entries(packageJson.exports ?? {})
    .filter(([name]) => !name.includes("*"))
    .flatMap(([, entry]) => targetsOf(entry));
  const files = [...exported, ...commandFiles(packageJson)];
  return [...new Set(files.map((file) => file.replace(/^\.\//, "")))];
}

/** The files behind `bin`. */
export function commandFiles(packageJson) {
  const { bin } = packageJson;
  return (typeof bin === "string" ? [bin] : Object.values(bin ?? {})).map((file) =>
    file.replace(/^\.\//, ""),
  );
}
