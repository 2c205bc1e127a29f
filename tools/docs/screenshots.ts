// `npm run screenshots`: makes the pictures of docs/ anew, with the tests that look at the same pages.
import { join } from "node:path";
import { argv, env } from "node:process";
import { root } from "../../testkit/root";
import { runTests } from "../ci/run-tests";

env.SEQR_PICTURES ??= join(root, "docs", "pictures");
void runTests(["thorough", "--", "browser/payment-view/states", ...argv.slice(2)]);
