import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { BOOKED_WITHOUT_REPORT, isWithoutReport } from "./book-words";
import type { ItemRecord, PeriodRecord, ReportRecord } from "./books-ledger";
import type { BooksReader, ItemFilter, Listed, PageOf, PeriodFilter } from "./books-reader";
import { OPEN_DIFFERENCE } from "../models/seqr-reconciliation-item";
import { PostgresReconciliation } from "./postgres-reconciliation";
import type { PeriodTotals } from "./reconciliation-store";

const PERIOD = "seqr_period";
const REPORT = "seqr_period_report";
const ITEM = "seqr_reconciliation_item";

/** Periods of which it is known what they come to. @see isDecided */
const DECIDED =
  "not is_open and (state in ('reconciled', 'lost', 'unreported') or (state = 'marked' and reconciled_at is not null))";
/** Periods without a report that a person has accepted: whether they have a payment, only other periods can say. */
const ACCEPTED_WITHOUT_REPORT = "not is_open and state in ('lost', 'unreported')";
/** Periods of terminals, beside one of the shop; or the other way round. */
const OTHER_KIND = "(terminal_id is not null) = ?";
/** Periods before one. Two servers may have closed two of them in the same millisecond. */
const CLOSED_BEFORE = "(requested_at, id) < (?, ?)";
/** Items that the books have. */
const BOOKED = `(row_number is not null or (carried_to is null and cause in (${BOOKED_WITHOUT_REPORT.map((cause) => `'${cause}'`).join(", ")})))`;

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
    { state, reseller_id, terminal, from, to, fromDay, toDay }: PeriodFilter,
    { limit, offset, oldestFirst = false }: PageOf & { oldestFirst?: boolean },
  ): Promise<Listed<PeriodRecord>> {
    const periods = this.#rows(PERIOD).modify((query) => {
      if (state) void query.whereIn("state", [...state]);
      if (reseller_id !== undefined) void query.where({ reseller_id });
      if (terminal !== undefined) void query.where({ terminal });
      // A comparison with an unknown day is unknown, and then the moment counts.
      if (from) void query.whereRaw("coalesce(closing_day >= ?, requested_at >= ?)", [fromDay ?? null, from]);
      if (to) void query.whereRaw("coalesce(closing_day <= ?, requested_at < ?)", [toDay ?? null, to]);
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

  async followerOf(period: PeriodRecord): Promise<PeriodRecord | undefined> {
    return this.#ofAccount(period)
      .whereRaw("(requested_at, id) > (?, ?)", [period.requested_at, period.id])
      .whereRaw(`(scope = ? or ${OTHER_KIND})`, [period.scope, period.terminal_id === null])
      .whereRaw(`not (${ACCEPTED_WITHOUT_REPORT})`)
      .orderBy(["requested_at", "id"])
      .first<PeriodRecord | undefined>();
  }

  async undecidedBefore(period: PeriodRecord): Promise<PeriodRecord | undefined> {
    return this.#ofAccount(period)
      .whereRaw(CLOSED_BEFORE, [period.requested_at, period.id])
      .whereRaw(`(${OTHER_KIND} or (scope = ? and ?))`, [
        ...[period.terminal_id === null, period.scope, isWithoutReport(period)],
      ])
      .whereRaw(`not (${DECIDED})`)
      .orderBy(["requested_at", "id"])
      .first<PeriodRecord | undefined>();
  }

  async countedBefore(period: PeriodRecord, items: readonly ItemRecord[]): Promise<Map<string, string>> {
    const earlier = await this.#ofAccount(period)
      .whereRaw(CLOSED_BEFORE, [period.requested_at, period.id])
      .whereRaw(OTHER_KIND, [period.terminal_id === null])
      .whereRaw(DECIDED)
      .pluck<string[]>("id");
    const counted = new Map<string, string>();
    if (earlier.length === 0) return counted;
    // One refund may have no reference. It is found without an index: stores that change their scope have few.
    for (const name of ["ers_reference", "refund_id"] as const) {
      const idsOf = new Map<string, string[]>();
      for (const item of items) {
        const key = item[name];
        const isKey = name === "ers_reference" || item.ers_reference === null;
        if (key !== null && isKey) idsOf.set(key, [...(idsOf.get(key) ?? []), item.id]);
      }
      if (idsOf.size === 0) continue;
      const found = await this.#rows(ITEM)
        .whereRaw("?? = any(?)", [name, [...idsOf.keys()]])
        .whereRaw(BOOKED)
        .whereIn("period_id", earlier)
        .select<Record<"key" | "period_id", string>[]>(`${name} as key`, "period_id");
      for (const { key, period_id } of found)
        for (const id of idsOf.get(key) ?? []) counted.set(id, period_id);
    }
    return counted;
  }

  async itemsAfter(periodId: string, number: number, limit: number): Promise<ItemRecord[]> {
    return this.#rows(ITEM)
      .where({ period_id: periodId })
      .where("number", ">", number)
      .orderBy("number")
      .limit(limit)
      .select<ItemRecord[]>("*");
  }

  #ofAccount({ endpoint, reseller_id }: PeriodRecord): Knex.QueryBuilder {
    return this.#rows(PERIOD).where({ endpoint, reseller_id }).whereNot("state", "refused");
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
