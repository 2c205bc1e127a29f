// Loads the TypeScript of this project without building it first, and with deliberate changes when they are wanted: a
// mutation is a replacement of text in one source file. Packages are loaded as ever, and once.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { Script } from "node:vm";
import { transformSync } from "@swc/core";
import { root } from "../../testkit/root";

const requirePackage = createRequire(__filename);

/** A change of the source: a text that a file has exactly once, and what is put in its place. */
export interface Change {
  /** Path from the root. */
  file: string;
  from: string;
  to: string;
}

/** Gets each file's text, and its path from the root. Gives the text that is loaded. */
export type Edit = (text: string, file: string) => string;

/** A function around a module's code, as Node itself makes it. */
type Wrapped = (
  exports: unknown,
  require: (name: string) => unknown,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

/**
 * What a simulated shop has no use for: Medusa's workflows, since Medusa is a model, and the picture of the code, which
 * takes longer to draw than everything else about a payment.
 */
const STAND_INS = new Map<string, unknown>([
  ["@medusajs/medusa/core-flows", {}],
  ["qrcode", { toString: () => Promise.resolve("<svg/>") }],
]);

const compiled = new Map<string, Script>();

/**
 * Loads a source file and everything that it imports, apart from whatever was loaded before.
 *
 * @param entry path from the root
 * @returns what the file exports
 */
export function loadSource<Exports>(entry: string, changes: Change[] = []): Exports {
  const open = new Set(changes);
  const edit: Edit = (text, file) =>
    changes
      .filter((change) => change.file === file)
      .reduce((source, change) => {
        open.delete(change);
        return changed(source, change);
      }, text);
  const loaded = loadEdited<Exports>(entry, edit, STAND_INS);
  if (open.size > 0) throw new Error(`not loaded: ${[...open].map(({ file }) => file).join(", ")}`);
  return loaded;
}

/**
 * The same with any edit of any file.
 *
 * @param entry path from the root
 * @param standIns what is loaded instead of packages
 */
export function loadEdited<Exports>(
  entry: string,
  edit: Edit,
  standIns = new Map<string, unknown>(),
): Exports {
  const modules = new Map<string, { exports: unknown }>();
  const load = (path: string): unknown => {
    const known = modules.get(path);
    if (known) return known.exports;
    const module: { exports: unknown } = { exports: {} };
    modules.set(path, module);
    const text = edit(readFileSync(path, "utf8"), relative(root, path));
    const isHere = (name: string): boolean => name.startsWith(".") || isAbsolute(name);
    const pathOf = (name: string): string =>
      isHere(name) ? fileOf(resolve(dirname(path), name)) : requirePackage.resolve(name);
    const local = (name: string): unknown => {
      if (standIns.has(name)) return standIns.get(name);
      return isHere(name) ? load(pathOf(name)) : requirePackage(name);
    };
    const require = Object.assign(local, { resolve: pathOf });
    runCompiled(path, text)(module.exports, require, module, path, dirname(path));
    return module.exports;
  };
  return load(join(root, entry)) as Exports;
}

function changed(source: string, { file, from, to }: Change): string {
  const parts = source.split(from);
  if (parts.length !== 2) {
    throw new Error(`${file} has this text ${parts.length - 1} times, and should have it once:\n${from}`);
  }
  return parts.join(to);
}

function runCompiled(path: string, text: string): Wrapped {
  const key = `${path}\0${text}`;
  const known = compiled.get(key);
  if (known) return known.runInThisContext() as Wrapped;
  const { code } = transformSync(text, {
    filename: relative(root, path),
    configFile: false,
    swcrc: false,
    sourceMaps: "inline",
    jsc: {
      parser: { syntax: "typescript", decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      target: "es2022",
      keepClassNames: true,
    },
    module: { type: "commonjs" },
  });
  const whole = `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
  const script = new Script(whole, { filename: path });
  compiled.set(key, script);
  return script.runInThisContext() as Wrapped;
}

function fileOf(path: string): string {
  const isFile = (candidate: string): boolean =>
    statSync(candidate, { throwIfNoEntry: false })?.isFile() ?? false;
  const found = [`${path}.ts`, path, join(path, "index.ts")].find(isFile);
  if (!found) throw new Error(`there is no source ${relative(root, path)}`);
  return found;
}
