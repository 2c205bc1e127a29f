// `npm run size`: what browsers load of the plugin, as gzip sends it: a shopper's of the payment view, and a member of staff's of the
// admin. Fails when it is too much.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exit } from "node:process";
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { root } from "../../testkit/root";
import { partsFrom, referencesOf } from "../build/admin-chunks";
import { ensureBuilt } from "../build/ensure-built";

const built = join(root, ".medusa", "server", "src");
const folders = [join(built, "payment-view", "browser"), join(root, "packages", "view", "dist")];

/** Bytes; 6.25 kB and 1.5 kB of 1,024. */
const limits = new Map([
  ["payment-view.js", 6_400],
  ["react.js", 1_536],
]);
/** A language, or what is loaded when it is used. */
const limitOfOthers = 1_024;

/** Bytes, 60 kB and 12 kB of 1,024: all of the admin in one language; its widgets, for an order that nothing is the matter with. */
const limitOfAdmin = 61_440;
const limitOfWidgets = 12_288;

interface Size {
  name: string;
  bytes: number;
  limit: number;
}

async function main(): Promise<void> {
  await ensureBuilt();
  const sizes = [...sizesOfView(), ...(await sizesOfAdmin())];
  for (const { name, bytes, limit } of sizes)
    console.log(
      `${name.padEnd(28)} ${String(bytes).padStart(6)} of ${limit} bytes${bytes > limit ? "  TOO LARGE" : ""}`,
    );
  exit(sizes.some(({ bytes, limit }) => bytes > limit) ? 1 : 0);
}

function sizesOfView(): Size[] {
  return [...scripts()].map(([name, file]) => {
    const bytes = gzipSync(readFileSync(file), { level: 9 }).length;
    return { name, bytes, limit: limits.get(name) ?? limitOfOthers };
  });
}

/** The scripts by name: those that both folders have are the same. */
function scripts(): Map<string, string> {
  return new Map(
    folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".js"))
        .map((name) => [name, join(folder, name)] as const),
    ),
  );
}

/**
 * The parts that `npm run build` emits, each minified as a store's build of the dashboard does, and compressed on its own. React,
 * Medusa's UI and the like are the dashboard's, and are not in them. A browser loads the texts of one language: counted is the
 * language whose texts are larger.
 */
async function sizesOfAdmin(): Promise<Size[]> {
  const entry = join(built, "admin", "index.mjs");
  const always = loadedWith(entry);
  const [orderPayments] = [...partsFrom(entry)].filter((file) => isPart(file, "order-payments"));
  if (orderPayments === undefined) throw new Error("The admin's bundle has no part named order-payments");
  const texts = await textsByLanguage(entry);
  const codeOf = [...partsFrom(entry)].filter((file) => !texts.flat().includes(file));
  const ofOrder = texts.map((files) => files.filter((file) => isPart(file, "payments")));
  return [
    { name: "admin, all pages", bytes: await largest(codeOf, texts), limit: limitOfAdmin },
    {
      name: "admin, widgets",
      bytes: await largest([...new Set([...always, ...loadedWith(orderPayments)])], ofOrder),
      limit: limitOfWidgets,
    },
  ];
}

/** What is loaded at once with a part, and the part. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { to, isLate } of referencesOf(file)) if (!isLate) loadedWith(to, found);
  return found;
}

/** Whether it is the part that the bundler has named so, with a hash behind the name. */
function isPart(file: string, name: string): boolean {
  return new RegExp(`/${name}-[\\w-]{8}\\.mjs$`).test(file);
}

/** The parts that have nothing but texts, by language. */
async function textsByLanguage(entry: string): Promise<string[][]> {
  const surfaces = readdirSync(join(root, "src", "admin", "i18n", "en")).map((name) =>
    name.replace(".json", ""),
  );
  const files = [...partsFrom(entry)].filter((file) => surfaces.some((name) => isPart(file, name)));
  const languages: string[][] = [[], []];
  for (const file of files) {
    const source = readFileSync(file, "utf8");
    if (/\bimport\b/.test(source.slice(0, 200))) continue;
    languages[/[åäö]/.test(source) ? 1 : 0]?.push(file);
  }
  return languages;
}

/** The bytes of some parts with the texts of one language, in the language where they are most. */
async function largest(files: string[], texts: string[][]): Promise<number> {
  const sums = await Promise.all(texts.map((ofLanguage) => compressed([...files, ...ofLanguage])));
  return Math.max(...sums);
}

async function compressed(files: string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(async (file) => {
      const { code } = await transform(readFileSync(file, "utf8"), { minify: true, format: "esm" });
      return gzipSync(code, { level: 9 }).length;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

void main();
