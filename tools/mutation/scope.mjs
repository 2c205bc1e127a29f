// What is changed, and the tests that have to notice.

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
    "completion",
    "confirm-order",
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
    "purchase-lock",
    "states",
    "tokens",
  ].map((name) => `src/modules/seqr/${name}.ts`),
];

/** Folders of tests that need no server but the sandbox. */
export const TESTS = ["__tests__/unit/modules", "__tests__/unit/providers", "__tests__/unit/workflows"];
