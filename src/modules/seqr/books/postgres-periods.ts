import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { LeaseRequest } from "../ledger/ledger";
import { unlessTaken } from "../ledger/postgres-tables";
import { PERIOD_DUE } from "../models/seqr-period";
import { OPEN_DIFFERENCE } from "../models/seqr-reconciliation-item";
import { CLOSED_STATES, type PeriodState } from "./book-words";
import type { PeriodRecord, ReportRecord } from "./books-ledger";
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
} from "./period-store";

const PERIOD = "seqr_period";
const REPORT = "seqr_period_report";
const ROW = "seqr_report_row";
const ITEM = "seqr_reconciliation_item";
const DECISION = "seqr_decision";

/** Rows that one statement writes: PostgreSQL takes at most 65,535 values. */
const BATCH = 1_000;

/** Columns of a report without its document, which may be large. */
const REPORT_COLUMNS = [
  ...(["id", "period_id", "report_id", "title", "mime_type", "digest", "is_current", "fetched_at"] as const),
];

/** The periods in PostgreSQL. Each method is one statement, or one transaction where it writes to several tables. */
export class PostgresPeriods implements PeriodStore {
  constructor(private readonly db: Knex) {}

  async insert(period: NewPeriod, { owner, until }: LeaseRequest): Promise<PeriodRecord | undefined> {
    const last = this.#periods()
      .where({ scope: period.scope })
      .whereIn("state", [...CLOSED_STATES])
      .max("requested_at");
    const insert = this.db(PERIOD)
      .insert({
        ...period,
        id: generateEntityId(undefined, "seqrper"),
        ...{ state: "marking", opened_at: last, lease_owner: owner, lease_until: until, due_at: until },
      })
      .returning<PeriodRecord[]>("*");
    return unlessTaken(insert, ["IDX_seqr_period_marking", "IDX_seqr_period_closing_day"]);
  }

  async find(id: string): Promise<PeriodRecord | undefined> {
    return this.#periods().where({ id }).first<PeriodRecord | undefined>();
  }

  async findByTransactionPeriod(
    { endpoint, reseller_id }: AccountKey,
    id: string,
  ): Promise<PeriodRecord | undefined> {
    return this.#periods()
      .where({ endpoint, reseller_id, transaction_period_id: id })
      .first<PeriodRecord | undefined>();
  }

  async lastClosed({ endpoint, reseller_id }: AccountKey): Promise<PeriodRecord | undefined> {
    return this.#periods()
      .where({ endpoint, reseller_id })
      .whereIn("state", [...CLOSED_STATES])
      .orderBy("requested_at", "desc")
      .first<PeriodRecord | undefined>();
  }

  async lastClosingDay(scope: string): Promise<string | undefined> {
    const found = await this.#periods()
      .where({ scope })
      .whereNotNull("closing_day")
      .whereNot("state", "refused")
      .max<{ day: string | null }[]>("closing_day as day");
    return found[0]?.day ?? undefined;
  }

  async refusedTries(scope: string, closing_day: string): Promise<RefusedTries> {
    const [found] = await this.#periods()
      .where({ scope, closing_day, state: "refused" })
      .select<RefusedTries[]>(this.db.raw("count(*)::int as count, max(requested_at) as last"));
    return found ?? { count: 0, last: null };
  }

  async change(
    id: string,
    from: readonly PeriodState[],
    patch: PeriodPatch,
    owner?: string,
  ): Promise<PeriodRecord | "taken" | undefined> {
    const change = this.#periods()
      .where({ id, ...(owner !== undefined && { lease_owner: owner }) })
      .whereIn("state", [...from])
      .update(this.#written(patch))
      .returning<PeriodRecord[]>("*");
    return orTaken(change);
  }

  async acquireDueLeases({
    owner,
    now,
    until,
    limit,
  }: LeaseRequest & { limit: number }): Promise<PeriodRecord[]> {
    const due = this.#periods()
      .select("id")
      .whereRaw(PERIOD_DUE)
      .where("due_at", "<=", now)
      .whereRaw("(lease_until is null or lease_until <= ?)", [now])
      .orderBy("due_at")
      .limit(limit)
      .forUpdate()
      .skipLocked();
    // Materialized: as a plain subquery it may run once per row of a join, and then takes more than the limit.
    return this.#periods()
      .withMaterialized("due", due)
      .whereIn("id", this.db.select("id").from("due"))
      .update({ lease_owner: owner, lease_until: until, due_at: until, updated_at: this.db.fn.now() })
      .returning<PeriodRecord[]>("*");
  }

  async extendLease(id: string, owner: string, until: Date): Promise<void> {
    await this.#periods().where({ id, lease_owner: owner }).update({ lease_until: until, due_at: until });
  }

  async keepReports(
    id: string,
    owner: string,
    { reports, rows, patch }: KeptReports,
  ): Promise<PeriodRecord | undefined> {
    return this.db.transaction(async (transaction) => {
      const [period] = await transaction(PERIOD)
        .whereNull("deleted_at")
        .where({ id, lease_owner: owner })
        .update(this.#written(patch))
        .returning<PeriodRecord[]>("*");
      if (!period) return undefined;
      for (const report of reports)
        await transaction(REPORT).insert({
          ...report,
          ...{ id: generateEntityId(undefined, "seqrrep"), period_id: id },
        });
      if (rows) await insertRows(transaction, id, rows);
      return period;
    });
  }

  async currentReports(id: string): Promise<Omit<ReportRecord, "content">[]> {
    return this.#reports(id)
      .where({ is_current: true })
      .select<Omit<ReportRecord, "content">[]>(...REPORT_COLUMNS);
  }

  async differingReports(id: string): Promise<ReportRecord[]> {
    const current = this.db(`${REPORT} as current`)
      .whereNull("current.deleted_at")
      .where({ "current.period_id": id, "current.is_current": true })
      .whereRaw(`current.report_id = ${REPORT}.report_id and current.fetched_at <= ${REPORT}.fetched_at`)
      .select(this.db.raw("1"));
    return this.#reports(id)
      .where({ is_current: false })
      .whereExists(current)
      .distinctOn("report_id")
      .orderBy(["report_id", { column: "fetched_at", order: "desc" }])
      .select<ReportRecord[]>("*");
  }

  async countOpenItems(id: string): Promise<number> {
    const [found] = await this.db(ITEM)
      .whereNull("deleted_at")
      .where({ period_id: id })
      .whereRaw(OPEN_DIFFERENCE)
      .select<{ count: number }[]>(this.db.raw("count(*)::int as count"));
    return found?.count ?? 0;
  }

  async decide(
    decision: NewPeriodDecision,
    seen: SeenPeriod,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | "taken" | undefined> {
    return orTaken(
      this.db.transaction(async (transaction) => {
        const changed = await this.#seen(transaction, decision.period_id, seen)
          .update(this.#written(patch))
          .returning<PeriodRecord[]>("*");
        if (changed.length > 0) await insertDecision(transaction, decision);
        return changed;
      }),
    );
  }

  async enterId(
    decision: NewPeriodDecision,
    seen: SeenPeriod,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | "taken" | undefined> {
    const { period_id } = decision;
    return orTaken(
      this.db.transaction(async (transaction) => {
        const changed = await this.#seen(transaction, period_id, seen)
          .update(this.#written(patch))
          .returning<PeriodRecord[]>("*");
        if (changed.length === 0) return changed;
        await transaction(ROW).where({ period_id }).delete();
        await transaction(REPORT)
          .whereNull("deleted_at")
          .where({ period_id })
          .update({ is_current: false, updated_at: transaction.fn.now() });
        await insertDecision(transaction, decision);
        return changed;
      }),
    );
  }

  async acceptReport(
    decision: NewPeriodDecision,
    reportIds: readonly string[],
    rows: Iterable<NewReportRow> | undefined,
    patch: PeriodPatch,
  ): Promise<PeriodRecord | undefined> {
    const { period_id } = decision;
    return this.db.transaction(async (transaction) => {
      const [period] = await this.#seen(transaction, period_id, { report_differs: true })
        .update(this.#written(patch))
        .returning<PeriodRecord[]>("*");
      if (!period) return undefined;
      const reports = (): Knex.QueryBuilder =>
        transaction(REPORT).whereNull("deleted_at").where({ period_id });
      const ids = [...reportIds];
      await reports()
        .whereIn("report_id", reports().whereIn("id", ids).select("report_id"))
        .update({ is_current: transaction.raw("id = any(?)", [ids]), updated_at: transaction.fn.now() });
      if (rows) {
        await transaction(ROW).where({ period_id }).delete();
        await insertRows(transaction, period_id, rows);
      }
      await insertDecision(transaction, decision);
      return period;
    });
  }

  /** Queries periods. Rows that Medusa's services have deleted are left out. */
  #periods(): Knex.QueryBuilder {
    return this.db(PERIOD).whereNull("deleted_at");
  }

  #reports(period_id: string): Knex.QueryBuilder {
    return this.db(REPORT).whereNull("deleted_at").where({ period_id });
  }

  #seen(transaction: Knex.Transaction, id: string, seen: SeenPeriod): Knex.QueryBuilder {
    return transaction(PERIOD)
      .whereNull("deleted_at")
      .where({ id, ...seen });
  }

  #written(patch: PeriodPatch): object {
    return { ...patch, updated_at: this.db.fn.now() };
  }
}

/** The changed period, or `taken` when another one has the transaction period's id. */
async function orTaken(change: PromiseLike<PeriodRecord[]>): Promise<PeriodRecord | "taken" | undefined> {
  const changed = await unlessTaken(
    change.then((rows) => [rows]),
    ["IDX_seqr_period_transaction_period_id"],
  );
  return changed ? changed[0] : "taken";
}

async function insertRows(
  transaction: Knex.Transaction,
  period_id: string,
  rows: Iterable<NewReportRow>,
): Promise<void> {
  let batch: object[] = [];
  const write = async (): Promise<void> => {
    if (batch.length > 0) await transaction(ROW).insert(batch);
    batch = [];
  };
  for (const row of rows) {
    batch.push({ ...row, id: generateEntityId(undefined, "seqrrow"), period_id });
    if (batch.length === BATCH) await write();
  }
  await write();
}

async function insertDecision(transaction: Knex.Transaction, decision: NewPeriodDecision): Promise<void> {
  await transaction(DECISION).insert({ ...decision, id: generateEntityId(undefined, "seqrdec") });
}
