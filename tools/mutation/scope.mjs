// What is changed, and the tests that have to notice.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const migrations = "src/modules/seqr/migrations";
/** The tables, their indexes and triggers. */
const MIGRATIONS = readdirSync(fileURLToPath(new URL(`../../${migrations}`, import.meta.url)))
  .filter((name) => /^Migration\d+\.ts$/.test(name))
  .map((name) => `${migrations}/${name}`);

/** The code that money depends on: paths from the root. */
export const SOURCES = [
  ...[
    "cancel-invoice",
    "hand-over",
    "invoice-input",
    "issue-invoice",
    "judge-refund",
    "observe",
    "refund-invoice",
    "update-invoice",
  ].map((name) => `src/modules/seqr/verbs/${name}.ts`),
  ...[
    "attention",
    "book-refund",
    "canceled-orders",
    "closed-refunds",
    "completion",
    "confirm-order",
    "order-captures",
    "reconcile-refunds",
    "settlement",
    "watch",
  ].map((name) => `src/workflows/${name}.ts`),
  ...["amounts", "invoice-rows", "made-refund", "service", "session-cart", "session-data"].map(
    (name) => `src/providers/seqr/${name}.ts`,
  ),
  ...[
    "announcing",
    "attention",
    "attention-rules",
    "cadence",
    "payments",
    "postgres-ledger",
    "purchase-lock",
    "states",
    "tokens",
  ].map((name) => `src/modules/seqr/${name}.ts`),
  ...MIGRATIONS,
];

/** Folders of tests that need no server but the sandbox. */
export const TESTS = ["__tests__/unit/modules", "__tests__/unit/providers", "__tests__/unit/workflows"];

/** Test files that need PostgreSQL, and the sources that they are run for: they take too long to be run for others. */
export const DATABASE_TESTS = {
  "__tests__/store/changes.test.ts": MIGRATIONS,
  "__tests__/store/ledger.test.ts": ["src/modules/seqr/postgres-ledger.ts", ...MIGRATIONS],
  "__tests__/store/migrations.test.ts": MIGRATIONS,
};
