// The rules of .dependency-cruiser.cjs are worth something only if they bite. Each line of `imports` is one import in a
// small copy of the project; dependency-cruiser has to find exactly the forbidden ones.
import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

const root = join(__dirname, "..", "..");
const config = join(root, ".dependency-cruiser.cjs");

type Import = [from: string, to: string, brokenRules: string[]];

const imports: Import[] = [
  ["src/seqr/client.ts", "src/modules/seqr/index.ts", ["seqr-knows-nothing-of-medusa"]],
  ["src/seqr/types.ts", "@medusajs/framework", ["seqr-and-sandbox-run-without-medusa"]],
  ["src/sandbox/server.ts", "src/seqr/xml.ts", []],
  ["src/sandbox/server.ts", "src/providers/seqr/index.ts", ["sandbox-stands-on-seqr"]],
  ["src/modules/seqr/service.ts", "src/seqr/xml.ts", []],
  ["src/modules/seqr/service.ts", "src/processing/watch.ts", ["modules-stand-on-seqr"]],
  ["src/modules/seqr/service.ts", "@medusajs/framework", []],
  ["src/processing/watch.ts", "src/modules/seqr/invoice/states.ts", []],
  ["src/processing/watch.ts", "src/medusa/medusa-store.ts", ["processing-stands-on-modules"]],
  ["src/providers/seqr/index.ts", "src/modules/seqr/invoice/states.ts", []],
  ["src/providers/seqr/index.ts", "src/medusa/session-cart.ts", []],
  ["src/providers/seqr/index.ts", "src/medusa/medusa-store.ts", ["providers-stand-on-modules"]],
  ["src/medusa/medusa-store.ts", "src/processing/store-port.ts", []],
  ["src/medusa/medusa-store.ts", "src/attention/attention-list.ts", ["medusa-stands-on-processing"]],
  ["src/attention/attention-list.ts", "src/medusa/processing-context.ts", []],
  ["src/attention/decide.ts", "src/shopper/return-to-shop.ts", ["attention-stands-on-medusa"]],
  ["src/attention/decide.ts", "src/books/retry-period.ts", []],
  ["src/books/reconcile-period.ts", "src/medusa/recorded-amounts.ts", []],
  ["src/books/reconcile-period.ts", "src/attention/attention-list.ts", ["books-stand-on-medusa"]],
  ["src/payments/export-payments.ts", "src/books/export/csv.ts", []],
  ["src/payments/payment-details.ts", "src/attention/attention-list.ts", []],
  ["src/payments/payment-details.ts", "src/workflows/process-payment.ts", ["payments-stand-on-medusa"]],
  ["src/health/health.ts", "src/medusa/queries.ts", []],
  ["src/health/health.ts", "src/http-types/health.ts", []],
  ["src/health/health.ts", "src/attention/attention-list.ts", ["health-stands-on-medusa"]],
  ["src/workflows/replay.ts", "src/health/health.ts", []],
  ["src/receipts/read-receipt.ts", "src/medusa/queries.ts", []],
  ["src/receipts/receipt-html.ts", "src/payment-view/html.ts", ["receipts-stand-on-medusa"]],
  ["src/workflows/send-receipts.ts", "src/receipts/send-due-receipts.ts", []],
  ["src/shopper/shopper-payment.ts", "src/medusa/processing-context.ts", []],
  ["src/shopper/shopper-payment.ts", "src/workflows/switch-off.ts", ["shopper-stands-on-medusa"]],
  ["src/workflows/switch-off.ts", "src/attention/attention-list.ts", []],
  ["src/workflows/switch-off.ts", "src/api/middlewares.ts", ["workflows-stand-on-concepts"]],
  ["src/jobs/watch.ts", "src/workflows/switch-off.ts", []],
  ["src/jobs/watch.ts", "src/providers/seqr/index.ts", ["jobs-call-workflows"]],
  ["src/subscribers/placed.ts", "src/jobs/watch.ts", ["subscribers-call-workflows"]],
  ["src/scripts/switch-off.ts", "src/workflows/switch-off.ts", []],
  ["src/scripts/switch-off.ts", "src/providers/seqr/index.ts", ["scripts-call-workflows"]],
  ["src/api/hooks/route.ts", "src/workflows/switch-off.ts", []],
  ["src/api/hooks/route.ts", "src/seqr/types.ts", []],
  ["src/api/hooks/route.ts", "src/providers/seqr/index.ts", ["api-calls-workflows"]],
  ["src/api/payment-page/payment-page.ts", "src/payment-view/page.ts", []],
  [
    "src/api/payment-page/payment-page.ts",
    "src/payment-view/browser/status-subscription.ts",
    ["api-calls-workflows"],
  ],
  ["src/admin/widget.tsx", "src/modules/seqr/invoice/states.ts", ["admin-talks-http"]],
  ["src/admin/widget.tsx", "src/http-types/books.ts", []],
  ["src/http-types/books.ts", "src/modules/seqr/invoice/states.ts", []],
  ["src/http-types/books.ts", "src/modules/seqr/ledger/ledger.ts", ["http-types-are-words"]],
  ["src/links/order.ts", "src/modules/seqr/index.ts", []],
  ["src/links/order.ts", "src/medusa/medusa-store.ts", ["links-stand-on-modules"]],
  ["src/admin/widget.tsx", "react", []],
  ["src/admin/widget.tsx", "@medusajs/ui", []],
  ["src/admin/widget.tsx", "axe-core", ["no-development-packages"]],
  ["src/payment-view/element.ts", "src/seqr/types.ts", ["payment-view-talks-http"]],
  ["src/payment-view/browser/react.ts", "react", []],
  ["src/payment-view/browser/react.ts", "axios", ["payment-view-brings-nothing"]],
  ["src/payment-view/element.ts", "node:fs", ["browser-code-runs-without-node"]],
  ["src/options/seqr-options.ts", "src/seqr/types.ts", []],
  ["src/options/seqr-options.ts", "src/modules/seqr/index.ts", ["shared-files-are-pure"]],
  ["src/config.ts", "src/options/seqr-options.ts", []],
  ["src/config.ts", "src/modules/seqr/index.ts", []],
  ["src/index.ts", "src/config.ts", []],
  ["src/index.ts", "src/workflows/switch-off.ts", []],
  ["src/index.ts", "src/api/middlewares.ts", ["entry-files-stand-on-workflows"]],
  ["src/seqr/money.ts", "src/seqr/limits.ts", []],
  ["src/seqr/limits.ts", "src/seqr/money.ts", ["no-cycles"]],
  ["src/seqr/xml.ts", "./not-there", ["no-unresolvable"]],
  ["src/seqr/xml.ts", "axios", []],
  ["src/seqr/xml.ts", "testkit/free-port.ts", ["src-stands-alone"]],
  ["src/seqr/xml.ts", "leftover", ["only-declared-packages"]],
  ["src/seqr/xml.ts", "jest", ["no-development-packages"]],
  ["src/medusa/medusa-store.ts", "zod", ["medusa-brings-these-packages", "only-declared-packages"]],
  [
    "src/medusa/medusa-store.ts",
    "@mikro-orm/core",
    ["medusa-brings-these-packages", "only-declared-packages"],
  ],
];

const isFile = (name: string) => /^(src|testkit)\//.test(name);

/** How dependency-cruiser names what an import leads to. */
function found(to: string): string {
  if (isFile(to) || to.startsWith(".")) return to;
  return to.startsWith("node:") ? to.slice("node:".length) : `node_modules/${to}/index.js`;
}

interface Report {
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

function writeImports(project: string): void {
  for (const name of new Set(imports.flatMap(([from, to]) => [from, to]))) {
    const file = join(project, isFile(name) ? name : `node_modules/${name}/index.js`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, isFile(name) ? "export {};\n" : "module.exports = {};\n");
  }
  // Half of them are imports of types: the arrows hold for those too.
  imports.forEach(([from, to], index) => {
    const path = isFile(to)
      ? relative(dirname(from), to)
          .replace(/^(?!\.)/, "./")
          .replace(/\.tsx?$/, "")
      : to;
    const kind = index % 2 === 0 ? "import type" : "import";
    appendFileSync(
      join(project, from),
      `${kind} it${index} from "${path}"; export const use${index} = {} as typeof it${index};\n`,
    );
  });
}

function findViolations(project: string): string[] {
  const cruiser = join(root, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
  const options = ["--config", config, "--output-type", "json", "src"];
  const report = execFileSync(process.execPath, [cruiser, ...options], { cwd: project, encoding: "utf8" });
  const { violations } = (JSON.parse(report) as Report).summary;
  return violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`).sort();
}

describe("the arrows between the rooms", () => {
  let project: string;

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), "arrows-"));
    copyFileSync(join(root, "package.json"), join(project, "package.json"));
    writeImports(project);
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("have an example of a broken rule for each rule", () => {
    const rules = (createRequire(__filename)(config) as { forbidden: { name: string }[] }).forbidden;
    const broken = new Set(imports.flatMap(([, , names]) => names));
    expect(rules.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });

  it("are held against every import, and forbid no other", () => {
    const expected = imports.flatMap(([from, to, rules]) =>
      rules.map((rule) => `${rule}: ${from} -> ${found(to)}`),
    );
    expect(findViolations(project)).toEqual(expected.sort());
  });
});
