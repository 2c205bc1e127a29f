// Gives the parts of the admin's bundle their extensions. Medusa's build leaves them out, and a store's build reads the names of CSS
// classes only from files that end with `.js`: without it, the pages would lack styles. The store's dashboard itself loads the `.mjs`.
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";

/** A reference to another part, as the bundler writes it. */
const REFERENCE = /(["'])(\.\.?\/[^"'\n]+)\1/g;

/** Names the parts of the bundle in a folder, in each of its two formats. */
export function nameAdminChunks(folder: string): void {
  for (const entry of ["index.mjs", "index.js"]) {
    const parts = partsFrom(join(folder, entry));
    const extension = extname(entry);
    for (const file of parts) writeFileSync(file, withExtensions(file, extension));
    for (const file of parts) if (extname(file) === "") renameSync(file, file + extension);
  }
}

/** The files that an entry loads at once or later, and the entry. */
export function partsFrom(entry: string): Set<string> {
  const found = new Set<string>();
  const rest = [entry];
  for (let file = rest.pop(); file !== undefined; file = rest.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    rest.push(...referencesOf(file).map(({ to }) => to));
  }
  return found;
}

interface Reference {
  text: string;
  to: string;
  /** Whether a browser loads it only when it is used. */
  isLate: boolean;
}

/** The other parts that a part names. */
export function referencesOf(file: string): Reference[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(REFERENCE)].flatMap(({ 2: path = "", index }) => {
    const to = join(dirname(file), path);
    const isLate = text.slice(0, index).endsWith("import(");
    return existsSync(to) && statSync(to).isFile() ? [{ text: path, to, isLate }] : [];
  });
}

function withExtensions(file: string, extension: string): string {
  const unnamed = new Set(referencesOf(file).flatMap(({ text }) => (extname(text) === "" ? [text] : [])));
  return readFileSync(file, "utf8").replace(REFERENCE, (all, quote: string, path: string) =>
    unnamed.has(path) ? `${quote}${path}${extension}${quote}` : all,
  );
}
