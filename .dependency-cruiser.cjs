// The arrows between the rooms of src/, checked by `npm run arrows`:
//   jobs, subscribers, scripts, api -> workflows -> attention, books, health, payments, receipts, shopper -> medusa -> processing -> modules -> shared files -> seqr
//   providers -> modules and medusa's queries;  links -> modules;  sandbox -> seqr;  payment-view stands alone;
//   admin knows the types of what the admin API sends, and nothing else;
//   api draws the payment's page with the payment view's markup.
// __tests__/unit/arrows.test.ts proves that each rule finds what it forbids.
const { join } = require("node:path");

/** Options, error codes, time, amounts and texts: without any I/O, and read by every room of the plugin. */
const shared = "^src/(options/|errors/|clock\\.ts$|amounts\\.ts$|shorten\\.ts$)";

/** A room and what it may import from src/ besides itself. */
const room = (name, path, allowed) => ({
  name,
  severity: "error",
  from: { path },
  to: { path: "^src/", pathNot: [path, ...allowed] },
});

const seqr = "^src/seqr/";
const modules = "^src/modules/";
const processing = "^src/processing/";
const medusa = "^src/medusa/";
const books = "^src/books/";
/** One concept each. */
const concepts = "^src/(attention|books|health|payments|receipts|shopper)/";
const providers = "^src/providers/";
const workflows = "^src/workflows/";
const links = "^src/links/";
/** Types of what the admin API sends and takes. */
const httpTypes = "^src/http-types/";
/** The words of the ledger that travel over the API: files without any import. */
const words = "^src/modules/seqr/(attention/attention-kinds|books/book-words|invoice/states)\\.ts$";
/** What may call workflows may call what they are made of. */
const below = [workflows, concepts, medusa, processing, modules, seqr, shared, httpTypes];

/** What of the payment view a server can draw: markup and words, without any browser. */
const drawn = "^src/payment-view/(?!browser/)";

/** Code whose imports are resolved in a store: all but what is bundled for a shopper's browser. */
const installed = "^src/(?!payment-view/browser/)";

module.exports = {
  forbidden: [
    room("seqr-knows-nothing-of-medusa", seqr, []),
    room("sandbox-stands-on-seqr", "^src/sandbox/", [seqr]),
    room("modules-stand-on-seqr", modules, [seqr, shared]),
    room("processing-stands-on-modules", processing, [modules, seqr, shared]),
    room("medusa-stands-on-processing", medusa, [processing, modules, seqr, shared]),
    room("providers-stand-on-modules", providers, [
      "^src/medusa/session-(cart|order)\\.ts$",
      modules,
      seqr,
      shared,
    ]),
    room("attention-stands-on-medusa", "^src/attention/", [
      ...[books, medusa, processing, modules, seqr, shared],
      httpTypes,
    ]),
    room("books-stand-on-medusa", "^src/books/", [...[medusa, processing, modules, seqr, shared], httpTypes]),
    room("health-stands-on-medusa", "^src/health/", [
      ...[medusa, processing, modules, seqr, shared],
      httpTypes,
    ]),
    room("payments-stand-on-medusa", "^src/payments/", [
      ...["^src/attention/", books, medusa, processing, modules, seqr, shared],
      httpTypes,
    ]),
    room("receipts-stand-on-medusa", "^src/receipts/", [medusa, processing, modules, seqr, shared]),
    room("shopper-stands-on-medusa", "^src/shopper/", [medusa, processing, modules, seqr, shared]),
    room("workflows-stand-on-concepts", workflows, [concepts, medusa, processing, modules, seqr, shared]),
    room("links-stand-on-modules", links, [modules, seqr, shared]),
    room("http-types-are-words", httpTypes, [words]),
    room("jobs-call-workflows", "^src/jobs/", below),
    room("subscribers-call-workflows", "^src/subscribers/", below),
    room("scripts-call-workflows", "^src/scripts/", below),
    room("api-calls-workflows", "^src/api/", [...below, drawn]),
    room("admin-talks-http", "^src/admin/", [httpTypes]),
    room("payment-view-talks-http", "^src/payment-view/", []),
    room("shared-files-are-pure", shared, [seqr]),
    room("entry-files-stand-on-workflows", "^src/(config|index)\\.ts$", [...below, providers]),
    {
      name: "seqr-and-sandbox-run-without-medusa",
      severity: "error",
      from: { path: "^src/(seqr|sandbox)/" },
      to: { path: "(^|/)@medusajs/" },
    },
    {
      name: "browser-code-runs-without-node",
      severity: "error",
      from: { path: "^src/(admin|payment-view)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "payment-view-brings-nothing",
      comment: "A shopper's browser loads it; React is the storefront's own.",
      severity: "error",
      from: { path: "^src/payment-view/" },
      to: { path: "node_modules/", pathNot: "node_modules/(@types/)?react/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "src-stands-alone",
      comment: "Nothing outside src/ is in the package.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(__tests__|benchmarks|demo|testkit|tools)/" },
    },
    {
      name: "only-declared-packages",
      severity: "error",
      from: { path: installed },
      // A peer that a storefront can do without counts as one without a package.
      to: {
        dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-optional"],
        dependencyTypesNot: ["npm-peer"],
      },
    },
    {
      name: "no-development-packages",
      severity: "error",
      from: { path: installed },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["npm", "npm-peer"],
        pathNot: "node_modules/@types/",
      },
    },
    {
      name: "medusa-brings-these-packages",
      comment:
        "Two copies of them break a store. Use @medusajs/framework/mikro-orm, /pg, /awilix, /zod and the like.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "(^|node_modules/)(@mikro-orm/|(pg|awilix|zod|knex)(/|$))" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(__dirname, "tsconfig.json") },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["main", "types", "typings"],
    },
  },
};
