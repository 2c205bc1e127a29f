import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { PROPOSED_REFUND, REPORTED_REFUND } from "../models/seqr-reconciliation-item";
import type { TerminalKey } from "../ledger/ledger";
import { CLOSED_STATES } from "./book-words";
import type { ItemRecord, PeriodRecord, ReportRowRecord } from "./books-ledger";
import { periodTotals, type TotalsRow } from "./period-totals";
import {
  disputedTransactions,
  refundsWithoutReference,
  reversedPayments,
  transactionIn,
  transactionsOf,
  transactionsWithin,
} from "./postgres-transactions";
import type {
  Candidate,
  CandidateKey,
  ClosedPeriod,
  ItemElsewhere,
  LedgerTransaction,
  NewItem,
  PeriodBooks,
  PeriodTotals,
  ReconciliationStore,
  RowTotals,
  Span,
} from "./reconciliation-store";

/** How many rows or transactions are in memory at once. */
const BATCH = 250;

const PERIOD = "seqr_period";
const ROW = "seqr_report_row";
const ITEM = "seqr_reconciliation_item";

/** The columns of an item that is written. */
const ITEM_COLUMNS = [
  ...[
    "id",
    "period_id",
    "scope",
    "number",
    "row_number",
    "kind",
    "class",
    "cause",
    "terminal_id",
    "cashier_id",
  ],
  ...["ers_reference", "currency_code", "reported_amount", "expected_amount", "medusa_amount", "invoice_id"],
  ...["refund_id", "order_id", "occurred_at", "carried_from", "carried_to", "is_open"],
  ...["accepted_by", "accepted_at", "accepted_reason"],
] as const satisfies readonly (keyof ItemRecord)[];

type OfPeriod = Pick<PeriodRecord, "id" | "scope" | "endpoint" | "reseller_id">;
type Acceptance = Pick<ItemRecord, "id" | "accepted_by" | "accepted_at" | "accepted_reason">;

/** Reconciliations in PostgreSQL. */
export class PostgresReconciliation implements ReconciliationStore {
  constructor(private readonly db: Knex) {}

  reconciling<T>(period: OfPeriod, work: (books: PeriodBooks) => Promise<T>): Promise<T> {
    return this.db.transaction(async (transaction) => {
      await transaction.raw("select pg_advisory_xact_lock(hashtextextended(?, 0))", [period.scope]);
      // Everything is found in an index. The statistics do not know of the items that are being written, and would prefer to read all.
      await transaction.raw("set local enable_seqscan = off");
      return work(new PostgresPeriodBooks(transaction, period));
    });
  }

  async totalsOf(periodId: string): Promise<PeriodTotals[]> {
    const sum = (name: string): string => `coalesce(sum(${name}::numeric), 0)::text as ${name.split("_")[0]}`;
    const rows = await items(this.db)
      // Another period has the others.
      .where({ period_id: periodId, carried_to: null })
      .groupBy("currency_code", "class")
      .select<TotalsRow[]>("currency_code", "class")
      .select(
        this.db.raw("count(*)::int as count, (count(*) filter (where is_open))::int as open"),
        this.db.raw(`${sum("reported_amount")}, ${sum("expected_amount")}`),
      );
    return periodTotals(rows as TotalsRow[]);
  }
}

class PostgresPeriodBooks implements PeriodBooks {
  /** What staff had accepted, by the item's id. */
  readonly #accepted = new Map<string, Acceptance>();

  constructor(
    private readonly db: Knex.Transaction,
    private readonly period: OfPeriod,
  ) {}

  async closedPeriods(): Promise<ClosedPeriod[]> {
    return this.db(PERIOD)
      .whereNull("deleted_at")
      .where({ scope: this.period.scope })
      .whereIn("state", [...CLOSED_STATES])
      .orderBy(["requested_at", "id"])
      .select<ClosedPeriod[]>("id", "state", "requested_at", "reported_at");
  }

  async *rows(): AsyncGenerator<ReportRowRecord[]> {
    for (let last = 0; ;) {
      const batch = await this.#rows()
        .where("row_number", ">", last)
        .orderBy("row_number")
        .limit(BATCH)
        .select<ReportRowRecord[]>("*");
      if (batch.length > 0) yield batch;
      if (batch.length < BATCH) return;
      last = batch.at(-1)?.row_number ?? last;
    }
  }

  async repeatedReferences(): Promise<Map<string, number>> {
    const rows = await this.#rows()
      .groupBy("ers_reference")
      .havingRaw("count(*) > 1")
      .select<{ ers_reference: string; first: number }[]>(
        "ers_reference",
        this.db.raw("min(row_number) as first"),
      );
    return new Map(rows.map(({ ers_reference, first }) => [ers_reference, first]));
  }

  async rowTotals(): Promise<RowTotals> {
    const isPositive = "filter (where amount::numeric > 0)";
    const totals = await this.#rows().first<{
      count: number;
      total: string;
      above: number;
      total_above: string;
    }>(
      this.db.raw("count(*)::int as count, coalesce(sum(amount::numeric), 0)::text as total"),
      this.db.raw(`(count(*) ${isPositive})::int as above`),
      this.db.raw(`coalesce(sum(amount::numeric) ${isPositive}, 0)::text as total_above`),
    );
    const { count, total, above, total_above } = totals;
    return { count, total, positive: { count: above, total: total_above } };
  }

  transactionsOf(references: readonly string[]): Promise<LedgerTransaction[]> {
    return transactionsOf(this.db, references);
  }

  disputedTransactions(references: readonly string[]): Promise<LedgerTransaction[]> {
    return disputedTransactions(this.db, references);
  }

  refundsWithoutReference(keys: readonly CandidateKey[], until: Date): Promise<Candidate[]> {
    return refundsWithoutReference(this.db, keys, until);
  }

  reversedPayments(keys: readonly CandidateKey[], span: Span): Promise<Candidate[]> {
    return reversedPayments(this.db, keys, span);
  }

  async *transactionsWithoutRow(
    terminals: readonly TerminalKey[],
    span: Span,
    exceptPeriods: readonly string[],
  ): AsyncGenerator<LedgerTransaction[]> {
    const query = transactionsWithin(this.db, terminals, span);
    // A plain query of all of them would have all of them in memory. By default a cursor is planned for its first rows.
    await this.db.raw("set local cursor_tuple_fraction = 1");
    await this.db.raw("declare within no scroll cursor for ?", [query]);
    for (;;) {
      const { rows } = await this.db.raw<{ rows: Parameters<typeof transactionIn>[0][] }>(
        `fetch ${BATCH} from within`,
      );
      const unreported = await this.#unreported(rows.map(transactionIn), exceptPeriods);
      if (unreported.length > 0) yield unreported;
      if (rows.length < BATCH) break;
    }
    await this.db.raw("close within");
  }

  async itemsElsewhere(references: readonly string[]): Promise<ItemElsewhere[]> {
    return items(this.db)
      .whereRaw("ers_reference = any(?)", [[...references]])
      .where({ scope: this.period.scope })
      .whereNot({ period_id: this.period.id })
      .select<ItemElsewhere[]>("period_id", "row_number", "ers_reference");
  }

  async awaitedReferences(periodId: string): Promise<string[]> {
    return items(this.db)
      .where({ period_id: periodId, class: "only_here", cause: "next_period", carried_to: null })
      .whereNotNull("ers_reference")
      .orderBy("number")
      .pluck<string[]>("ers_reference");
  }

  async proposedRefunds(refundIds: readonly string[]): Promise<Set<string>> {
    const ids = await items(this.db)
      .whereRaw(PROPOSED_REFUND)
      .whereIn("refund_id", [...refundIds])
      .pluck<string[]>("refund_id");
    return new Set(ids);
  }

  async hasReportedRefunds(): Promise<boolean> {
    const { endpoint, reseller_id } = this.period;
    const ofAccount = this.db(PERIOD).whereNull("deleted_at").where({ endpoint, reseller_id }).select("id");
    const found: unknown = await items(this.db)
      .whereRaw(REPORTED_REFUND)
      .whereIn("period_id", ofAccount)
      .first("id");
    return found !== undefined;
  }

  async deleteItems(): Promise<void> {
    const { id } = this.period;
    const accepted = await items(this.db)
      .where({ period_id: id })
      .whereNotNull("accepted_at")
      .select<Acceptance[]>("id", "accepted_by", "accepted_at", "accepted_reason");
    for (const acceptance of accepted) this.#accepted.set(acceptance.id, acceptance);
    await items(this.db).where({ period_id: id }).delete();
    await items(this.db)
      .where({ carried_to: id })
      .whereNotNull("carried_to")
      .update({
        carried_to: null,
        is_open: this.db.raw("cause = 'missing' and accepted_at is null"),
        updated_at: this.db.fn.now(),
      });
  }

  async insertItems(newItems: readonly NewItem[]): Promise<void> {
    const columns = ITEM_COLUMNS.join(", ");
    const rows = newItems.map((item) => {
      const acceptance = this.#accepted.get(item.id);
      return acceptance ? { ...item, ...acceptance, is_open: false } : item;
    });
    // One parameter: as many as the items have columns take longer to bind than to write.
    await this.db.raw(
      `insert into ${ITEM} (${columns}) select ${columns} from json_populate_recordset(null::${ITEM}, ?::json)`,
      [JSON.stringify(rows)],
    );
  }

  async carryHere(references: readonly string[]): Promise<void> {
    await items(this.db)
      .whereRaw("ers_reference = any(?)", [[...references]])
      .where({ scope: this.period.scope })
      .whereNot({ period_id: this.period.id })
      .whereRaw("row_number is null and carried_to is null")
      .update({ carried_to: this.period.id, is_open: false, updated_at: this.db.fn.now() });
  }

  /**
   * Those of the transactions that no report of the scope has. Each is found in the index: as a join, PostgreSQL would plan by statistics
   * that do not know of the items that were just written.
   */
  async #unreported(
    transactions: readonly LedgerTransaction[],
    exceptPeriods: readonly string[],
  ): Promise<LedgerTransaction[]> {
    const references = transactions.flatMap(({ ers_reference }) => ers_reference ?? []);
    const reported = await items(this.db)
      .whereRaw("ers_reference = any(?)", [references])
      .where({ scope: this.period.scope })
      .whereNotNull("row_number")
      .whereNotIn("period_id", [...exceptPeriods])
      .pluck<string[]>("ers_reference");
    const known = new Set<string | null>(reported);
    return transactions.filter(({ ers_reference }) => ers_reference === null || !known.has(ers_reference));
  }

  #rows(): Knex.QueryBuilder {
    return this.db(ROW).whereNull("deleted_at").where({ period_id: this.period.id });
  }
}

function items(db: Knex): Knex.QueryBuilder {
  return db(ITEM).whereNull("deleted_at");
}
