import type { InferEntityType } from "@medusajs/framework/types";
import type { SeqrPeriod } from "../models/seqr-period";
import type { SeqrPeriodReport } from "../models/seqr-period-report";
import type { SeqrReconciliationItem } from "../models/seqr-reconciliation-item";
import type { SeqrReportRow } from "../models/seqr-report-row";

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
