import { CLOSED_STATES, type PeriodState } from "../../../src/modules/seqr/books/book-words";
import type {
  ItemRecord,
  PeriodRecord,
  ReportRecord,
  ReportRowRecord,
} from "../../../src/modules/seqr/books/books-ledger";
import type {
  AccountKey,
  KeptReports,
  NewPeriod,
  NewPeriodDecision,
  NewReportRow,
  PeriodPatch,
  PeriodStore,
  RefusedTries,
  SeenPeriod,
} from "../../../src/modules/seqr/books/period-store";
import type { LeaseRequest } from "../../../src/modules/seqr/ledger/ledger";

/** The tables of the books, which are open to tests. */
export interface PeriodTables {
  periods: PeriodRecord[];
  reports: ReportRecord[];
  rows: ReportRowRecord[];
  items: ItemRecord[];
  decisions: NewPeriodDecision[];
}

/** The periods without a database. Each method takes effect at once, as a transaction does. */
export class MemoryPeriods implements PeriodStore {
  #made = 0;

  constructor(
    readonly tables: PeriodTables = { periods: [], reports: [], rows: [], items: [], decisions: [] },
  ) {}

  async insert(period: NewPeriod, { owner, until }: LeaseRequest): Promise<PeriodRecord | undefined> {
    const { periods } = this.tables;
    const { scope, closing_day } = period;
    const isTaken = periods.some(
      (other) =>
        other.scope === scope &&
        (other.state === "marking" ||
          (closing_day !== null && other.closing_day === closing_day && other.state !== "refused")),
    );
    if (isTaken) return undefined;
    const [last] = this.#closedOf(scope);
    const made: PeriodRecord = {
      ...period,
      ...{ id: this.#id("seqrper"), state: "marking", opened_at: last?.requested_at ?? null },
      ...{ lease_owner: owner, lease_until: until, due_at: until },
      ...{
        transaction_period_id: null,
        entered_by: null,
        marked_at: null,
        reported_at: null,
        reconciled_at: null,
      },
      ...{ sales_count: null, sales_total: null, attempts: 0, failing_since: null, result: null },
      ...{ is_open: false, report_differs: false, summary_differs: false },
    };
    periods.push(made);
    return { ...made };
  }

  async find(id: string): Promise<PeriodRecord | undefined> {
    return copyOf(this.#period(id));
  }

  async findByTransactionPeriod(account: AccountKey, id: string): Promise<PeriodRecord | undefined> {
    return copyOf(this.tables.periods.find((row) => isOf(row, account) && row.transaction_period_id === id));
  }

  async lastClosed(account: AccountKey): Promise<PeriodRecord | undefined> {
    const closed = this.tables.periods.filter(
      (row) => isOf(row, account) && CLOSED_STATES.some((state) => state === row.state),
    );
    return copyOf(closed.sort(newestFirst)[0]);
  }

  async lastClosingDay(scope: string): Promise<string | undefined> {
    return this.tables.periods
      .filter((row) => row.scope === scope && row.state !== "refused")
      .flatMap(({ closing_day }) => closing_day ?? [])
      .sort()
      .at(-1);
  }

  async refusedTries(scope: string, closingDay: string): Promise<RefusedTries> {
    const tries = this.tables.periods
      .filter((row) => row.scope === scope && row.closing_day === closingDay && row.state === "refused")
      .sort(newestFirst);
    return { count: tries.length, last: tries[0]?.requested_at ?? null };
  }

  async change(
    id: string,
    from: readonly PeriodState[],
    patch: PeriodPatch,
    owner?: string,
  ): Promise<PeriodRecord | "taken" | undefined> {
    const row = this.#period(id);
    if (!row || !from.includes(row.state) || (owner !== undefined && row.lease_owner !== owner))
      return undefined;
    return this.#write(row, patch);
  }

  async acquireDueLeases({
    owner,
    now,
    until,
    limit,
  }: LeaseRequest & { limit: number }): Promise<PeriodRecord[]> {
    const due = this.tables.periods
      .filter(({ due_at, lease_until }) => due_at && due_at <= now && !(lease_until && lease_until > now))
      .sort((one, other) => Number(one.due_at) - Number(other.due_at))
      .slice(0, limit);
    return due.map((row) => ({
      ...Object.assign(row, { lease_owner: owner, lease_until: until, due_at: until }),
    }));
  }

  async extendLease(id: string, owner: string, until: Date): Promise<void> {
    const row = this.#period(id);
    if (row?.lease_owner === owner) Object.assign(row, { lease_until: until, due_at: until });
  }

  async keepReports(
    id: string,
    owner: string,
    { reports, rows, patch }: KeptReports,
  ): Promise<PeriodRecord | undefined> {
    const row = this.#period(id);
    if (row?.lease_owner !== owner) return undefined;
    // All rows are read before anything is written: reading them may fail.
    const made = rows && this.#rows(id, rows);
    const written = this.#write(row, patch);
    if (written === "taken") throw new Error("the id of a transaction period was to be changed");
    for (const report of reports)
      this.tables.reports.push({ ...report, id: this.#id("seqrrep"), period_id: id });
    if (made) this.tables.rows.push(...made);
    return written;
  }

  async currentReports(id: string): Promise<Omit<ReportRecord, "content">[]> {
    return this.#reports(id)
      .filter(({ is_current }) => is_current)
      .map((report) => {
        const row: Partial<ReportRecord> = { ...report };
        delete row.content;
        return row as Omit<ReportRecord, "content">;
      });
  }

  async differingReports(id: string): Promise<ReportRecord[]> {
    const current = this.#reports(id).filter(({ is_current }) => is_current);
    const later = this.#reports(id).filter((report) =>
      current.some(
        (one) =>
          !report.is_current && one.report_id === report.report_id && one.fetched_at <= report.fetched_at,
      ),
    );
    const latest = new Map<string, ReportRecord>();
    for (const report of later) {
      const before = latest.get(report.report_id);
      if (!before || before.fetched_at < report.fetched_at) latest.set(report.report_id, report);
    }
    return [...latest.values()]
      .sort((one, other) => (one.report_id < other.report_id ? -1 : 1))
      .map((report) => ({ ...report }));
  }

  async countOpenItems(id: string): Promise<number> {
    return this.tables.items.filter(({ period_id, is_open }) => period_id === id && is_open).length;
  }

  async decide(
    decision: NewPeriodDecision,
    seen: SeenPeriod,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | "taken" | undefined> {
    const row = this.#period(decision.period_id);
    if (!row || !isAs(row, seen)) return undefined;
    const written = this.#write(row, patch);
    if (written !== "taken") this.tables.decisions.push({ ...decision });
    return written;
  }

  async enterId(
    decision: NewPeriodDecision,
    seen: SeenPeriod,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | "taken" | undefined> {
    const changed = await this.decide(decision, seen, patch);
    if (!changed || changed === "taken") return changed;
    const others = this.tables.rows.filter((one) => one.period_id !== decision.period_id);
    this.tables.rows.splice(0, this.tables.rows.length, ...others);
    for (const report of this.#reports(decision.period_id)) report.is_current = false;
    return changed;
  }

  async acceptReport(
    decision: NewPeriodDecision,
    reportIds: readonly string[],
    rows: Iterable<NewReportRow> | undefined,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | undefined> {
    const { period_id } = decision;
    const row = this.#period(period_id);
    if (!row?.report_differs) return undefined;
    const made = rows && this.#rows(period_id, rows);
    const written = this.#write(row, patch);
    if (written === "taken") throw new Error("the id of a transaction period was to be changed");
    const reports = this.#reports(period_id);
    const kinds = new Set(reports.flatMap(({ id, report_id }) => (reportIds.includes(id) ? report_id : [])));
    for (const report of reports)
      if (kinds.has(report.report_id)) report.is_current = reportIds.includes(report.id);
    if (made) {
      const others = this.tables.rows.filter((one) => one.period_id !== period_id);
      this.tables.rows.splice(0, this.tables.rows.length, ...others, ...made);
    }
    this.tables.decisions.push({ ...decision });
    return written;
  }

  #id(prefix: string): string {
    return `${prefix}_${++this.#made}`;
  }

  #period(id: string): PeriodRecord | undefined {
    return this.tables.periods.find((row) => row.id === id);
  }

  #closedOf(scope: string): PeriodRecord[] {
    return this.tables.periods
      .filter((row) => row.scope === scope && CLOSED_STATES.some((state) => state === row.state))
      .sort(newestFirst);
  }

  #reports(id: string): ReportRecord[] {
    return this.tables.reports.filter(({ period_id }) => period_id === id);
  }

  #rows(period_id: string, rows: Iterable<NewReportRow>): ReportRowRecord[] {
    return [...rows].map((row) => ({ ...row, id: this.#id("seqrrow"), period_id }));
  }

  #write(row: PeriodRecord, patch: PeriodPatch): PeriodRecord | "taken" {
    const { transaction_period_id: id } = patch;
    const isTaken =
      id !== undefined &&
      id !== null &&
      this.tables.periods.some(
        (other) => other !== row && other.scope === row.scope && other.transaction_period_id === id,
      );
    return isTaken ? "taken" : { ...Object.assign(row, patch) };
  }
}

function isOf(row: PeriodRecord, { endpoint, reseller_id }: AccountKey): boolean {
  return row.endpoint === endpoint && row.reseller_id === reseller_id;
}

type Place = Pick<PeriodRecord, "id" | "requested_at">;

/** As PostgreSQL orders them: two periods of the same millisecond, by their ids. */
export function oldestFirst(one: Place, other: Place): number {
  return (
    Number(one.requested_at) - Number(other.requested_at) ||
    one.id.localeCompare(other.id, "en", { numeric: true })
  );
}

const newestFirst = (one: Place, other: Place): number => oldestFirst(other, one);

function isAs(row: PeriodRecord, seen: SeenPeriod): boolean {
  return Object.entries(seen).every(([name, value]) => row[name as keyof SeenPeriod] === value);
}

function copyOf<T extends object>(row: T | undefined): T | undefined {
  return row && { ...row };
}
