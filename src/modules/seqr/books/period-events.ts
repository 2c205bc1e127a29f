import type { PeriodState } from "./book-words";
import type { PeriodRecord } from "./books-ledger";

/** Names of the events of periods. */
export const PERIOD_EVENTS = [
  "seqr.period.closed",
  "seqr.period.lost",
  "seqr.period.unreported",
  "seqr.period.reconciled",
] as const;

/** Something that happened to a transaction period. It is logged, and emitted on Medusa's event bus under its name. */
export interface PeriodEvent {
  name: (typeof PERIOD_EVENTS)[number];
  level: "info" | "warn" | "error";
  data: PeriodEventData;
}

/** Identifiers and states; amounts are in the reconciliation. */
export interface PeriodEventData {
  id: string;
  reseller_id: string;
  /** Name of the terminal whose period it is; null when it is that of the shop. */
  terminal: string | null;
  transaction_period_id: string | null;
  /** The day of the schedule; null when it was closed by hand. */
  closing_day: string | null;
  state: PeriodState;
  /** Code of the error of the last try, if there was one. */
  problem: string | null;
  /** How many differences need a person. */
  differences?: number;
}

/** SEQR has closed a period. */
export function closedEvent(period: PeriodRecord): PeriodEvent {
  return { name: "seqr.period.closed", level: "info", data: dataOf(period) };
}

/** SEQR's answer to the closing of a period is not known. */
export function lostEvent(period: PeriodRecord): PeriodEvent {
  return { name: "seqr.period.lost", level: "error", data: dataOf(period) };
}

/** SEQR did not give the reports of a period. */
export function unreportedEvent(period: PeriodRecord): PeriodEvent {
  return { name: "seqr.period.unreported", level: "error", data: dataOf(period) };
}

/** A period was compared with the ledger and with Medusa. @param differences how many need a person */
export function reconciledEvent(period: PeriodRecord, differences: number): PeriodEvent {
  const level = differences > 0 ? "warn" : "info";
  return { name: "seqr.period.reconciled", level, data: { ...dataOf(period), differences } };
}

function dataOf(period: PeriodRecord): PeriodEventData {
  const { id, reseller_id, terminal, transaction_period_id, closing_day, state, result } = period;
  const problem = result === "0" ? null : result;
  return { id, reseller_id, terminal, transaction_period_id, closing_day, state, problem };
}
