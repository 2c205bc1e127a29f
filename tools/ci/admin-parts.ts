// The parts of the admin's bundle, as Medusa's build of the plugin makes them.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** A reference to another part, as the bundler writes it. */
const REFERENCE = /(["'])(\.\.?\/[^"'\n]+)\1/g;

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
    return existsSync(to) && statSync(to).isFile() ? [{ to, isLate }] : [];
  });
}
