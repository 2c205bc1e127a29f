import type { PeriodRecord } from "../../modules/seqr/public";
import { localDays } from "../local-day";

/**
 * Whether a period belongs into exports: its reconciliation is done, or it was lost and a person has accepted that. Of any other
 * one it is not known yet what it comes to.
 */
export function isExported({ state, is_open }: Pick<PeriodRecord, "state" | "is_open">): boolean {
  return state === "reconciled" || (state === "lost" && !is_open);
}

/** The day that a period is of, `2026-01-15`: the schedule's, or that on which it was closed by hand. */
export function dayOfPeriod(
  { closing_day, requested_at }: Pick<PeriodRecord, "closing_day" | "requested_at">,
  timeZone: string,
): string {
  return closing_day ?? localDays(timeZone)(requested_at);
}
