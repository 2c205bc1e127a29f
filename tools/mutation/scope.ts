// What is changed, and the tests that have to notice.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../testkit/root";

const migrations = "src/modules/seqr/migrations";
/** The tables, their indexes and triggers. */
const MIGRATIONS = readdirSync(join(root, migrations))
  .filter((name) => /^Migration\d+\.ts$/.test(name))
  .map((name) => `${migrations}/${name}`);

/** The code that money depends on: paths from the root. */
export const SOURCES = [
  ...[
    "attention/attention-entries",
    "attention/attention-kinds",
    "attention/attention-rules",
    "invoice/polling-schedule",
    "invoice/session-data",
    "invoice/state-table",
    "invoice/states",
    "invoice/time-limits",
    "invoice/tokens",
    "attention/find-entries",
    "ledger/attention-sql",
    "ledger/event-emitting-ledger",
    "ledger/find-invoice",
    "ledger/lease",
    "ledger/postgres-attention",
    "ledger/postgres-decisions",
    "ledger/postgres-leases",
    "ledger/postgres-ledger",
    "ledger/postgres-observations",
    "ledger/postgres-receipts",
    "ledger/postgres-refunds",
    "ledger/postgres-tables",
    "ledger/terminal-sql",
    "operations/authorize-payment",
    "operations/cancel-invoice",
    "operations/commit-reservation",
    "operations/invoice-input",
    "operations/issue-invoice",
    "operations/poll-payment-status",
    "operations/credential-check",
    "operations/delete-old-observations",
    "operations/list-unknown-terminals",
    "operations/notification-reliability",
    "operations/purchase-lock",
    "operations/record-decision",
    "operations/record-notification",
    "operations/record-page-view",
    "operations/reopen-payment",
    "operations/release-reservation",
    "operations/refund/finish-refund",
    "operations/refund/medusa-refund",
    "operations/refund/refund-invoice",
    "operations/refund/refundable-amount",
    "operations/refund/resolve-unknown-refund",
    "operations/take-transition",
    "operations/terminals",
    "operations/update-invoice",
    "operations/was-purchase-kept",
  ].map((name) => `src/modules/seqr/${name}.ts`),
  ...[
    "amounts",
    "attention/attention-list",
    "medusa/process-order-payments",
    "medusa/captures",
    "medusa/order-captures",
    "medusa/order-refunds",
    "medusa/session-cart",
    "processing/captures/attend-reservation",
    "processing/captures/confirm-capture",
    "processing/captures/reconcile-captures",
    "processing/captures/release",
    "processing/classify-completion-error",
    "processing/complete-cart-then-poll",
    "processing/check-order",
    "processing/complete-cart-exclusively",
    "processing/end-reasons",
    "processing/cancel-abandoned-order",
    "processing/leave-unacknowledged",
    "processing/payment-run",
    "processing/place-order",
    "processing/poll-ended",
    "processing/poll-invoice",
    "processing/process-payment",
    "processing/record-capture",
    "processing/refund-unplaceable",
    "processing/refunds/closed-refunds",
    "processing/refunds/reconcile-refunds",
    "processing/refunds/record-refund-in-medusa",
    "processing/refunds/refund-canceled-orders",
    "processing/watch",
    "providers/seqr/invoice-rows",
    "providers/seqr/reservations",
    "providers/seqr/service",
    "receipts/send-due-receipts",
  ].map((name) => `src/${name}.ts`),
  ...MIGRATIONS,
];

/** Folders of tests that need no server but the sandbox. */
export const TESTS = [
  "__tests__/unit/amounts.test.ts",
  ...["attention", "medusa", "modules", "processing", "providers", "receipts"].map(
    (name) => `__tests__/unit/${name}`,
  ),
];

/** Test files that need PostgreSQL, and the sources that they are run for: they take too long to be run for others. */
export const DATABASE_TESTS: Record<string, string[]> = {
  "__tests__/store/changes.test.ts": MIGRATIONS,
  "__tests__/store/ledger.test.ts": [
    ...SOURCES.filter((path) => /\/ledger\/(postgres-\w+|\w+-sql)\.ts$/.test(path)),
    ...MIGRATIONS,
  ],
  "__tests__/store/migrations.test.ts": MIGRATIONS,
  // Of the attention list, what is open in the books.
  "__tests__/store/reconciliation.test.ts": [
    "src/modules/seqr/ledger/attention-sql.ts",
    "src/modules/seqr/ledger/postgres-attention.ts",
  ],
};
