import type { PeriodState } from "./book-words";
import type { PeriodRecord, ReportRecord, ReportRowRecord } from "./books-ledger";
import type { DecisionRecord, LeaseRequest } from "../ledger/ledger";

/** The fields of a period with which the intent to close it is recorded. */
export type NewPeriod = Pick<
  PeriodRecord,
  | "endpoint"
  | "reseller_id"
  | "terminal"
  | "terminal_id"
  | "scope"
  | "closing_day"
  | "actor_id"
  | "requested_at"
>;

/** What may change of a period. A lease can be given up with the change. */
export type PeriodPatch = Partial<
  Omit<PeriodRecord, keyof NewPeriod | "id" | "opened_at" | "lease_owner" | "lease_until">
> & { lease_owner?: null; lease_until?: null };

/** A report that was fetched. */
export type NewReport = Omit<ReportRecord, "id" | "period_id">;

/** A row of it. */
export type NewReportRow = Omit<ReportRowRecord, "id" | "period_id">;

/** A decision about a period, or about an item of it. */
export type NewPeriodDecision = Omit<DecisionRecord, "id" | "invoice_id"> & { period_id: string };

/** What is kept of reports that were fetched. */
export interface KeptReports {
  reports: readonly NewReport[];
  /** In the order of their numbers; left out when the period has its rows already. */
  rows?: Iterable<NewReportRow>;
  patch: PeriodPatch;
}

/** What of a period a decision was based on. */
export type SeenPeriod = Partial<
  Pick<PeriodRecord, "state" | "is_open" | "report_differs" | "summary_differs">
>;

/** Which account of the merchant. */
export type AccountKey = Pick<PeriodRecord, "endpoint" | "reseller_id">;

/** How often a day of the schedule was tried. */
export interface RefusedTries {
  count: number;
  /** When SEQR was asked last. */
  last: Date | null;
}

/**
 * Stores periods and their reports. Every change is one statement or one transaction that succeeds or does not: without waiting or
 * overwriting.
 */
export interface PeriodStore {
  /**
   * Records the intent to close a period, under a lease: it is `marking`, and due when the lease ends. It was opened when the
   * closing of the last one of the scope that SEQR closed, or may have closed, was requested.
   *
   * @returns undefined when the scope is being closed, or was closed for that day
   */
  insert(period: NewPeriod, lease: LeaseRequest): Promise<PeriodRecord | undefined>;
  find(id: string): Promise<PeriodRecord | undefined>;
  /** The period of an account that has this id of SEQR's. */
  findByTransactionPeriod(account: AccountKey, id: string): Promise<PeriodRecord | undefined>;
  /** The last period of an account that SEQR closed, or may have closed. */
  lastClosed(account: AccountKey): Promise<PeriodRecord | undefined>;
  /** The last day for which the schedule has closed the scope, or is closing it; undefined when it never did. */
  lastClosingDay(scope: string): Promise<string | undefined>;
  /** The tries of a day that SEQR refused. */
  refusedTries(scope: string, closingDay: string): Promise<RefusedTries>;
  /**
   * Changes a period that is in one of these states.
   *
   * @param owner only while this process has its lease; left out, in any case
   * @returns undefined when it is not; `taken` when another period of the scope has the transaction period's id
   */
  change(
    id: string,
    from: readonly PeriodState[],
    patch: PeriodPatch,
    owner?: string,
  ): Promise<PeriodRecord | "taken" | undefined>;
  /** Acquires the leases of up to `limit` due periods whose lease is free, most overdue first. Each is due again at its end. */
  acquireDueLeases(request: LeaseRequest & { limit: number }): Promise<PeriodRecord[]>;
  extendLease(id: string, owner: string, until: Date): Promise<void>;
  /**
   * Keeps reports that were fetched, with their rows, and changes the period: all or nothing, and only under the lease.
   *
   * @returns undefined when this process does not have the lease any more
   */
  keepReports(id: string, owner: string, kept: KeptReports): Promise<PeriodRecord | undefined>;
  /** The reports by which the period goes, without their documents. */
  currentReports(id: string): Promise<Omit<ReportRecord, "content">[]>;
  /** The latest reports that were fetched again and differ from those by which the period goes, with their documents. */
  differingReports(id: string): Promise<ReportRecord[]>;
  /** How many items of the period need a person. */
  countOpenItems(id: string): Promise<number>;
  /**
   * Changes a period as staff have decided, and records the decision: both or neither.
   *
   * @param seen what must still be so: the state, and the flags that were seen
   * @returns undefined when it is not any more; `taken` as with `change`
   */
  decide(
    decision: NewPeriodDecision,
    seen: SeenPeriod,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | "taken" | undefined>;
  /**
   * As `decide`, with SEQR's id of the period as staff have entered it. What was fetched under another id is not what the period goes
   * by any more: its rows are deleted, and its reports are kept beside those to come.
   */
  enterId(
    decision: NewPeriodDecision,
    seen: SeenPeriod,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | "taken" | undefined>;
  /**
   * Lets the period go by reports that were fetched again, as staff have decided: replaces the rows, and records the decision. All or
   * nothing.
   *
   * @param rows those of the detailed report; left out when that is not among the reports
   * @returns undefined when the period has no open question about a report any more
   */
  acceptReport(
    decision: NewPeriodDecision,
    reportIds: readonly string[],
    rows: Iterable<NewReportRow> | undefined,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | undefined>;
}
