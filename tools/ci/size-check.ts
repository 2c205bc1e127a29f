// `npm run size`: what a shopper's browser loads of the payment view, as gzip sends it. Fails when it is too much.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exit } from "node:process";
import { gzipSync } from "node:zlib";
import { root } from "../../testkit/root";
import { ensureBuilt } from "../build/ensure-built";

const folders = [
  join(root, ".medusa", "server", "src", "payment-view", "browser"),
  join(root, "packages", "view", "dist"),
];

/** Bytes; 6.25 kB and 1.5 kB of 1,024. */
const limits = new Map([
  ["payment-view.js", 6_400],
  ["react.js", 1_536],
]);
/** A language, or what is loaded when it is used. */
const limitOfOthers = 1_024;

async function main(): Promise<void> {
  await ensureBuilt();
  const sizes = [...scripts()].map(([name, file]) => {
    const bytes = gzipSync(readFileSync(file), { level: 9 }).length;
    return { name, bytes, limit: limits.get(name) ?? limitOfOthers };
  });
  for (const { name, bytes, limit } of sizes)
    console.log(
      `${name.padEnd(16)} ${String(bytes).padStart(6)} of ${limit} bytes${bytes > limit ? "  TOO LARGE" : ""}`,
    );
  exit(sizes.some(({ bytes, limit }) => bytes > limit) ? 1 : 0);
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

void main();
