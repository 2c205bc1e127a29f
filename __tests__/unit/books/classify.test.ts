import { CAUSES, CAUSES_WITHOUT_DECISION, ITEM_CLASSES } from "../../../src/modules/seqr/books/book-words";
import type { Candidate, LedgerTransaction } from "../../../src/modules/seqr/books/reconciliation-store";
import {
  CARRIED_WITHIN,
  findingOfRow,
  findingWithoutRow,
  type Finding,
  type MissingFacts,
  type RowFacts,
} from "../../../src/books/classify";
import { at } from "../modules/ledger-contract";

const PAYMENT: LedgerTransaction = {
  ...{ kind: "payment", ers_reference: "r1", amount: "100.00", currency_code: "SEK", standing: "charged" },
  ...{ terminal: "se", terminal_id: "t-se", occurred_at: at(0), is_recorded: true },
  ...{ invoice_id: "seqrinv_1", session_id: "payses_1", order_id: "order_1", refund_id: null },
  medusa_refund_id: null,
};
const REFUND: LedgerTransaction = {
  ...PAYMENT,
  ...{ kind: "refund", ers_reference: "r2", amount: "-20.00", refund_id: "seqrref_1" },
  medusa_refund_id: "ref_1",
};
const RECORDED = { captured: "100.00", refunds: new Map([["ref_1", "20.00"]]) };
const TERMINALS = [
  { name: "se", terminal_id: "t-se", currencies: ["SEK"] },
  { name: "se2", terminal_id: "t-se2", currencies: ["SEK", "EUR"] },
  { name: "fi", terminal_id: "t-fi", currencies: ["EUR"] },
];
const CANDIDATE: Candidate = {
  ...{ id: "seqrref_2", kind: "refund", terminal_id: "t-se", amount: "-20.00", currency_code: "SEK" },
  ...{ invoice_id: "seqrinv_2", order_id: null },
};

const ofRow = (more: Partial<RowFacts>): Finding =>
  findingOfRow({
    row: { terminal_id: "t-se", amount: more.transaction?.amount ?? "100.00" },
    ...{ isRepeated: false, isCounted: false, transaction: PAYMENT, recorded: RECORDED },
    ...{ candidate: undefined, terminals: TERMINALS, now: at(100_000), ...more },
  });
const withoutRow = (more: Partial<MissingFacts>): Finding =>
  findingWithoutRow({
    ...{
      transaction: PAYMENT,
      requestedAt: at(CARRIED_WITHIN / 1_000),
      isWithoutReport: false,
      isElsewhere: false,
    },
    ...{ isLastChance: false, areRefundsReported: true, isProposed: false, ...more },
  });
const row = (terminal_id: string, amount: string) => ({ row: { terminal_id, amount } });
const noCaptures = { ...RECORDED, captured: null };
const noRefunds = { ...RECORDED, refunds: new Map<string, string>() };

/** What is said of a row. */
const OF_ROWS: [string, Partial<RowFacts>, Finding["class"], Finding["cause"], boolean][] = [
  ["of a payment", {}, "agrees", null, false],
  ["of a refund", { transaction: REFUND }, "agrees", null, false],
  ["that the report has before", { isRepeated: true, isCounted: true }, "only_at_seqr", "doubled", true],
  ["that an earlier report has", { isCounted: true }, "only_at_seqr", "counted_twice", true],
  ["of another terminal", row("t-se2", "99.00"), "terminal_differs", "other_terminal", true],
  ["of a terminal no one knows", row("t-0", "100.00"), "terminal_differs", "other_terminal", true],
  ["of a terminal in euros", row("t-fi", "100.00"), "terminal_differs", "other_currency", true],
  ["with a hundredth more", row("t-se", "100.01"), "amount_differs", "other_amount", true],
  ["with a hundredth less", row("t-se", "99.99"), "amount_differs", "other_amount", true],
  ["with the wrong sign", row("t-se", "-100.00"), "amount_differs", "wrong_sign", true],
  [
    "of a refund with the wrong sign",
    { transaction: REFUND, ...row("t-se", "20.00") },
    ...(["amount_differs", "wrong_sign", true] as const),
  ],
  ["without Medusa's payment", { recorded: undefined }, "medusa_differs", "not_recorded", true],
  ["without Medusa's capture", { recorded: noCaptures }, "medusa_differs", "not_recorded", true],
  [
    "without Medusa's refund",
    { transaction: REFUND, recorded: noRefunds },
    ...(["medusa_differs", "not_recorded", true] as const),
  ],
  [
    "that Medusa captured a hundredth less of",
    { recorded: { ...RECORDED, captured: "99.99" } },
    ...(["medusa_differs", "other_record", true] as const),
  ],
  [
    "that Medusa refunded two hundredths more of",
    { transaction: REFUND, recorded: { ...RECORDED, refunds: new Map([["ref_1", "20.02"]]) } },
    ...(["medusa_differs", "other_record", true] as const),
  ],
  [
    "that Medusa refunded a hundredth more of, since the sum of refunds is rounded",
    { transaction: REFUND, recorded: { ...RECORDED, refunds: new Map([["ref_1", "20.01"]]) } },
    ...(["agrees", null, false] as const),
  ],
  [
    "of a payment that Medusa does not have to have",
    { transaction: { ...PAYMENT, is_recorded: false }, recorded: undefined },
    ...(["agrees", null, false] as const),
  ],
  [
    "of a new refund that the plugin still records in Medusa",
    { transaction: REFUND, recorded: noRefunds, now: at(CARRIED_WITHIN / 1_000 - 1) },
    ...(["agrees", null, false] as const),
  ],
  [
    "of a new payment that Medusa must have from the beginning",
    { recorded: noCaptures, now: at(1) },
    ...(["medusa_differs", "not_recorded", true] as const),
  ],
  [
    "of a payment that SEQR has not charged",
    { transaction: { ...PAYMENT, standing: "given_back" } },
    ...(["only_at_seqr", "given_back", true] as const),
  ],
  [
    "of a payment about which SEQR contradicted itself",
    { transaction: { ...PAYMENT, standing: "disputed" } },
    ...(["only_at_seqr", "contradicting", true] as const),
  ],
  [
    "that may be a refund without a reference",
    { transaction: undefined, candidate: CANDIDATE, ...row("t-se", "-20.00") },
    ...(["only_at_seqr", "perhaps_unknown_refund", true] as const),
  ],
  [
    "that may be a payment which SEQR reversed",
    { transaction: undefined, candidate: { ...CANDIDATE, kind: "payment" } },
    ...(["only_at_seqr", "given_back", true] as const),
  ],
  ["of another system", { transaction: undefined }, "only_at_seqr", "other_system", true],
  [
    "of another system at a terminal that is not the store's",
    { transaction: undefined, ...row("t-0", "1.00") },
    ...(["only_at_seqr", "other_system", false] as const),
  ],
];

describe("a row of a report", () => {
  it.each(OF_ROWS)("%s", (_, facts, itemClass, cause, is_open) => {
    expect(ofRow(facts)).toEqual({ class: itemClass, cause, is_open });
  });
});

const late = { transaction: { ...PAYMENT, occurred_at: at(1) } };
const nameless = { transaction: { ...REFUND, ers_reference: null } };
/** What is said of a transaction that the report does not have. */
const OF_MISSING: [string, Partial<MissingFacts>, Finding["cause"]][] = [
  ["is missing", {}, "missing"],
  ["is awaited in the next report when it is of the last minutes", late, "next_period"],
  ["is missing when the report before already awaited it", { ...late, isLastChance: true }, "missing"],
  ["is in another period", { isElsewhere: true, isWithoutReport: true, isLastChance: true }, "next_period"],
  ["is in a lost period", { isWithoutReport: true }, "lost_period"],
  ["is missing when it is a refund and reports have refunds", { transaction: REFUND }, "missing"],
  [
    "is a refund, which SEQR does not report",
    { transaction: { ...REFUND, occurred_at: at(1) }, areRefundsReported: false },
    "refund_not_reported",
  ],
  [
    "is a refund in a lost period",
    { transaction: REFUND, isWithoutReport: true, areRefundsReported: false },
    "lost_period",
  ],
  ["is missing when it is a refund without a reference that no row fits", nameless, "missing"],
  [
    "is never awaited when it has no reference, since no report could be recognized to have it",
    { transaction: { ...REFUND, ers_reference: null, occurred_at: at(1) } },
    "missing",
  ],
  [
    "is a refund without a reference that a row fits",
    { ...nameless, isProposed: true },
    "refund_not_reported",
  ],
];

describe("a transaction that the report does not have", () => {
  it.each(OF_MISSING)("%s", (_, facts, cause) => {
    const is_open = cause === null || !CAUSES_WITHOUT_DECISION.includes(cause);
    expect(withoutRow(facts)).toEqual({ class: "only_here", cause, is_open });
  });
});

it("is in every class, and has every cause, in these tests", () => {
  const classes = [...OF_ROWS.map(([, , itemClass]) => itemClass), "only_here"];
  const causes = [...OF_ROWS.map((one) => one[3]), ...OF_MISSING.map((one) => one[2])];
  expect(new Set(classes)).toEqual(new Set(ITEM_CLASSES));
  expect(new Set(causes)).toEqual(new Set([null, ...CAUSES]));
});
