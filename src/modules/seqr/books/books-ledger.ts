import type { InferEntityType } from "@medusajs/framework/types";
import type { SeqrPeriod } from "../models/seqr-period";
import type { SeqrPeriodReport } from "../models/seqr-period-report";
import type { SeqrReconciliationItem } from "../models/seqr-reconciliation-item";
import type { SeqrReportRow } from "../models/seqr-report-row";
import type { Cause, ItemClass, PeriodState } from "./book-words";

/** The columns of a model that callers use. Medusa's type adds a `raw_` field to numbers that may be empty. */
type Row<Model> = Omit<InferEntityType<Model>, "created_at" | "updated_at" | "deleted_at" | `raw_${string}`>;

/** One row of the period table. */
export type PeriodRecord = Row<typeof SeqrPeriod>;
/** One row of the report table. */
export type ReportRecord = Row<typeof SeqrPeriodReport>;
/** One row of a report. */
export type ReportRowRecord = Row<typeof SeqrReportRow>;
/** One item of a reconciliation. */
export type ItemRecord = Row<typeof SeqrReconciliationItem>;

/** A part of a list, and how many there are in all. */
export interface Listed<Record> {
  records: Record[];
  count: number;
}

/** Which periods; newest first. */
export interface PeriodFilter {
  state?: readonly PeriodState[];
  reseller_id?: string;
  /** Name of the terminal; null for periods of a shop. */
  terminal?: string | null;
  /** Closed from this moment on, and before that one. */
  from?: Date;
  to?: Date;
}

/** Which items of a period; in the order of their numbers. */
export interface ItemFilter {
  class?: readonly ItemClass[];
  cause?: readonly Cause[];
  /** Only those that need a person. */
  is_open?: boolean;
}

/** Reads the books for lists and exports. */
export interface BooksReader {
  findPeriod(id: string): Promise<PeriodRecord | undefined>;
  listPeriods(filter: PeriodFilter, page: { limit: number; offset: number }): Promise<Listed<PeriodRecord>>;
  reportsOf(periodId: string): Promise<Omit<ReportRecord, "content">[]>;
  findReport(id: string): Promise<ReportRecord | undefined>;
  listItems(
    periodId: string,
    filter: ItemFilter,
    page: { limit: number; offset: number },
  ): Promise<Listed<ItemRecord>>;
  /** The next items of a period after a number, for exports that read them all. */
  itemsAfter(periodId: string, number: number, limit: number): Promise<ItemRecord[]>;
}
