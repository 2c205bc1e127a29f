// Loads the TypeScript of this project without building it first, and with deliberate changes when they are wanted: a
// mutation is a replacement of text in one source file. Packages are loaded as ever, and once.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { transformSync } from "@swc/core";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const requirePackage = createRequire(import.meta.url);

/**
 * What a simulated shop has no use for: Medusa's workflows, since Medusa is a model, and the picture of the code, which
 * takes longer to draw than everything else about a payment.
 */
const STAND_INS = new Map([
  ["@medusajs/medusa/core-flows", {}],
  ["qrcode", { toString: () => Promise.resolve("<svg/>") }],
]);

const compiled = new Map();

/**
 * Loads a source file and everything that it imports, apart from whatever was loaded before.
 *
 * @param {string} entry path from the root
 * @param {{ file: string, from: string, to: string }[]} changes each text has to be there exactly once
 */
export function loadSource(entry, changes = []) {
  const open = new Set(changes);
  const edit = (text, file) =>
    changes
      .filter((change) => change.file === file)
      .reduce((source, change) => {
        open.delete(change);
        return changed(source, change);
      }, text);
  const loaded = loadEdited(entry, edit, STAND_INS);
  if (open.size > 0) throw new Error(`not loaded: ${[...open].map(({ file }) => file).join(", ")}`);
  return loaded;
}

/**
 * The same with any edit of any file.
 *
 * @param {string} entry path from the root
 * @param {(text: string, file: string) => string} edit gets each file's text, and its path from the root
 * @param {Map<string, unknown>} standIns what is loaded instead of packages
 */
export function loadEdited(entry, edit, standIns = new Map()) {
  const modules = new Map();
  const load = (path) => {
    const known = modules.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    const text = edit(readFileSync(path, "utf8"), relative(root, path));
    const local = (name) => {
      if (standIns.has(name)) return standIns.get(name);
      const isHere = name.startsWith(".") || isAbsolute(name);
      return isHere ? load(fileOf(resolve(dirname(path), name))) : requirePackage(name);
    };
    runCompiled(path, text)(module.exports, local, module, path, dirname(path));
    return module.exports;
  };
  return load(join(root, entry));
}

function changed(source, { file, from, to }) {
  const parts = source.split(from);
  if (parts.length !== 2) {
    throw new Error(`${file} has this text ${parts.length - 1} times, and should have it once:\n${from}`);
  }
  return parts.join(to);
}

function runCompiled(path, text) {
  const key = `${path}\0${text}`;
  const known = compiled.get(key);
  if (known) return known.runInThisContext();
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
  return script.runInThisContext();
}

function fileOf(path) {
  const isFile = (candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() ?? false;
  const found = [`${path}.ts`, path, join(path, "index.ts")].find(isFile);
  if (!found) throw new Error(`there is no source ${relative(root, path)}`);
  return found;
}
