// The words of the books, which the admin API sends and takes. This file imports nothing, so that clients can use it.

/**
 * How far the plugin is with a transaction period of SEQR.
 *
 * - `marking`: the intent is recorded, and SEQR is being asked to close the period.
 * - `marked`: SEQR has closed it; its reports are fetched next.
 * - `reconciled`: its reports are kept, and are compared with the ledger and with Medusa.
 * - `unreported`: SEQR did not give its reports in time. They can be fetched again. What was paid in it is listed from the ledger.
 * - `lost`: SEQR's answer to the closing is not known, so the period's id is not known either. What was paid in it is listed likewise.
 * - `refused`: SEQR did not close it. The payments belong to the next period.
 */
export const PERIOD_STATES = ["marking", "marked", "reconciled", "unreported", "lost", "refused"] as const;
export type PeriodState = (typeof PERIOD_STATES)[number];

/** States of periods that SEQR has closed, or may have closed: the next one begins where they end. */
export const CLOSED_STATES = [
  "marked",
  "reconciled",
  "unreported",
  "lost",
] as const satisfies readonly PeriodState[];

/** States of closed periods that have no report: what was paid in them is listed from the ledger. It may still come. */
const STATES_WITHOUT_REPORT: readonly PeriodState[] = ["unreported", "lost"];

/** Whether a period was closed, or may have been, and its report is not there and is not being fetched. */
export function isWithoutReport({ state }: { state: PeriodState }): boolean {
  return STATES_WITHOUT_REPORT.includes(state);
}

/** What of a period says whether it is known what it comes to. */
interface Known {
  state: PeriodState;
  is_open: boolean;
  reconciled_at: Date | null;
}

/** Whether a period has items about the rows of its report, also while that is fetched again. */
export function hasItemsOfReport({ state, reconciled_at }: Known): boolean {
  return state === "reconciled" || (state === "marked" && reconciled_at !== null);
}

/** Whether it is known what a period comes to: by its report, or because a person has accepted that there is none. */
export function isDecided(period: Known): boolean {
  return (hasItemsOfReport(period) || isWithoutReport(period)) && !period.is_open;
}

/**
 * What the reconciliation of a period says of one transaction: a row of SEQR's report, or a payment or refund of the ledger that
 * the report does not have.
 */
export const ITEM_CLASSES = [
  "agrees",
  "amount_differs",
  "terminal_differs",
  "medusa_differs",
  "only_at_seqr",
  "only_here",
] as const;
export type ItemClass = (typeof ITEM_CLASSES)[number];

/** What the probable cause of a difference is. */
export const CAUSES = [
  // amount_differs
  "other_amount",
  "wrong_sign",
  // terminal_differs
  "other_terminal",
  "other_currency",
  // medusa_differs
  "not_recorded",
  "other_record",
  // only_at_seqr
  "other_system",
  "given_back",
  "contradicting",
  "doubled",
  "counted_twice",
  "perhaps_unknown_refund",
  // only_here
  "next_period",
  "lost_period",
  "refund_not_reported",
  "missing",
] as const;
export type Cause = (typeof CAUSES)[number];

/** Causes that need no person: the next period shows them, or nothing can. */
export const CAUSES_WITHOUT_DECISION: readonly Cause[] = [
  "next_period",
  "lost_period",
  "refund_not_reported",
];

/** Causes of items that no report has, and that the books have from the ledger, unless another period has them. */
export const BOOKED_WITHOUT_REPORT: readonly Cause[] = ["lost_period", "refund_not_reported"];

/** The forms in which the books are exported. */
export const EXPORT_FORMATS = ["csv", "json", "sie"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is exported: the periods added up, or each item. */
export const EXPORT_CONTENTS = ["overview", "items"] as const;
export type ExportContent = (typeof EXPORT_CONTENTS)[number];
