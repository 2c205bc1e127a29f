// `npm run screenshots`: makes the pictures of docs/ anew, with the tests that look at the same pages.
import { join } from "node:path";
import { argv, env } from "node:process";
import { root } from "../../testkit/root";
import { runTests } from "../ci/run-tests";

env.SEQR_PICTURES ??= join(root, "docs", "pictures");
const files = ["browser/payment-view/states", "browser/demo/demo"];
const tests = ["--testNamePattern", "^(the states of the payment view|the pictures of the admin)"];
void runTests(["thorough", ...files, ...tests, ...argv.slice(2)]);
