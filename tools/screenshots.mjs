// `npm run screenshots`: makes the pictures of docs/ anew, with the tests that look at the same pages.
import { dirname, join, resolve } from "node:path";
import { argv, env } from "node:process";
import { fileURLToPath } from "node:url";

env.SEQR_PICTURES = join(resolve(dirname(fileURLToPath(import.meta.url)), ".."), "docs", "pictures");
argv.splice(2, Infinity, "thorough", "--", "browser/payment-view/states");
await import("./run-tests.mjs");
