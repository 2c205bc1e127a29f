import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { ItemRecord, PeriodRecord, ReportRecord } from "./books-ledger";
import type { BooksReader, ItemFilter, Listed, PageOf, PeriodFilter } from "./books-reader";
import { OPEN_DIFFERENCE } from "../models/seqr-reconciliation-item";
import { PostgresReconciliation } from "./postgres-reconciliation";
import type { PeriodTotals } from "./reconciliation-store";

const PERIOD = "seqr_period";
const REPORT = "seqr_period_report";
const ITEM = "seqr_reconciliation_item";

/** The columns of a report without its document, which may be long. */
const REPORT_COLUMNS = [
  ...["id", "period_id", "report_id", "title", "mime_type", "digest", "is_current", "fetched_at"],
] as const;

/** Reads the books in PostgreSQL. */
export class PostgresBooksReader implements BooksReader {
  constructor(private readonly db: Knex) {}

  async findPeriod(id: string): Promise<PeriodRecord | undefined> {
    return this.#rows(PERIOD).where({ id }).first<PeriodRecord | undefined>();
  }

  async listPeriods(
    { state, reseller_id, terminal, from, to }: PeriodFilter,
    { limit, offset, oldestFirst = false }: PageOf & { oldestFirst?: boolean },
  ): Promise<Listed<PeriodRecord>> {
    const periods = this.#rows(PERIOD).modify((query) => {
      if (state) void query.whereIn("state", [...state]);
      if (reseller_id !== undefined) void query.where({ reseller_id });
      if (terminal !== undefined) void query.where({ terminal });
      if (from) void query.where("requested_at", ">=", from);
      if (to) void query.where("requested_at", "<", to);
    });
    const direction = oldestFirst ? "asc" : "desc";
    const records = await periods
      .clone()
      .orderBy([
        { column: "requested_at", order: direction },
        { column: "id", order: direction },
      ])
      .limit(limit)
      .offset(offset)
      .select<PeriodRecord[]>("*");
    return { records, count: await countOf(periods) };
  }

  async countOpenItems(periodIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#rows(ITEM)
      .whereIn("period_id", [...periodIds])
      .whereRaw(OPEN_DIFFERENCE)
      .groupBy("period_id")
      .select<{ period_id: string; count: number }[]>("period_id", this.db.raw("count(*)::int as count"));
    return new Map(rows.map(({ period_id, count }) => [period_id, count]));
  }

  totalsOf(periodId: string): Promise<PeriodTotals[]> {
    return new PostgresReconciliation(this.db).totalsOf(periodId);
  }

  async reportsOf(periodId: string): Promise<Omit<ReportRecord, "content">[]> {
    return this.#rows(REPORT)
      .where({ period_id: periodId })
      .orderBy("fetched_at")
      .orderBy("id")
      .select<Omit<ReportRecord, "content">[]>([...REPORT_COLUMNS]);
  }

  async findReport(id: string): Promise<ReportRecord | undefined> {
    return this.#rows(REPORT).where({ id }).first<ReportRecord | undefined>();
  }

  async listItems(periodId: string, filter: ItemFilter, page: PageOf): Promise<Listed<ItemRecord>> {
    const items = this.#rows(ITEM)
      .where({ period_id: periodId })
      .modify((query) => {
        if (filter.class) void query.whereIn("class", [...filter.class]);
        if (filter.cause) void query.whereIn("cause", [...filter.cause]);
        if (filter.is_open !== undefined) void query.where({ is_open: filter.is_open });
      });
    const records = await items
      .clone()
      .orderBy("number")
      .limit(page.limit)
      .offset(page.offset)
      .select<ItemRecord[]>("*");
    return { records, count: await countOf(items) };
  }

  async itemsAfter(periodId: string, number: number, limit: number): Promise<ItemRecord[]> {
    return this.#rows(ITEM)
      .where({ period_id: periodId })
      .where("number", ">", number)
      .orderBy("number")
      .limit(limit)
      .select<ItemRecord[]>("*");
  }

  /** Rows that Medusa's services have deleted are left out. */
  #rows(table: string): Knex.QueryBuilder {
    return this.db(table).whereNull("deleted_at");
  }
}

async function countOf(query: Knex.QueryBuilder): Promise<number> {
  const [row] = await query.clone().count<{ count: string }[]>("* as count");
  return Number(row?.count ?? 0);
}
