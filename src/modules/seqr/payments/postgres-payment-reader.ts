import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { INVOICE_STATES, REFUND_STATES } from "../invoice/states";
import type { InvoiceRecord, RefundRecord } from "../ledger/ledger";
import { invoices, refunds } from "../ledger/postgres-tables";
import {
  COUNTED_FURTHER,
  type Direction,
  type Part,
  type PartOf,
  type PaymentCursor,
  type PaymentFilter,
  type PaymentReader,
  type RefundFilter,
} from "./payment-reader";

/** Narrows a query down. */
type Condition = (query: Knex.QueryBuilder) => void;

/** A terminal and a currency that payments have. */
interface Pair {
  terminal: string | null;
  currency_code: string;
}

const WITHOUT_PROBLEM = "problem is null";
const WITH_PROBLEM = "problem is not null";

/**
 * Reads payments and refunds in PostgreSQL. A list is made of branches, each of which one index has in the list's order, so that PostgreSQL
 * merges them and reads no more than it gives. A condition on several values would have it sort all the rows that fit.
 */
export class PostgresPaymentReader implements PaymentReader {
  constructor(private readonly db: Knex) {}

  async listPayments(
    filter: PaymentFilter,
    direction: Direction,
    part: PartOf,
  ): Promise<Part<InvoiceRecord>> {
    const branches = await this.#branches(filter);
    const ordered = (): Knex.QueryBuilder =>
      this.#merged(branches, (branch) => invoices(this.db).modify(branch)).orderBy(inOrder(direction));
    return this.#part<InvoiceRecord>(ordered, part);
  }

  async paymentsAfter(
    filter: PaymentFilter,
    direction: Direction,
    limit: number,
    after: PaymentCursor | undefined,
  ): Promise<{ records: InvoiceRecord[]; next: PaymentCursor | undefined }> {
    const comparison = direction === "newest" ? "<" : ">";
    const isAfter: Condition = (query) => {
      if (after)
        void query.whereRaw(`(created_at, id) ${comparison} (?::timestamptz, ?)`, [
          after.created_at,
          after.id,
        ]);
    };
    const branches = await this.#branches(filter);
    const rows = (await this.#merged(branches, (branch) => invoices(this.db).modify(branch).modify(isAfter))
      .orderBy(inOrder(direction))
      .limit(limit)
      .select("*", this.db.raw("created_at::text as created_at_text"))) as (InvoiceRecord & {
      created_at_text: string;
    })[];
    const last = rows.length < limit ? undefined : rows.at(-1);
    return { records: rows, next: last && { created_at: last.created_at_text, id: last.id } };
  }

  async findPayments(
    ...[{ reference, ...keys }, limit]: Parameters<PaymentReader["findPayments"]>
  ): Promise<string[]> {
    const with_ = (column: string, values: readonly string[]): Knex.QueryBuilder =>
      invoices(this.db)
        .whereIn(column, [...values])
        .select("id", "created_at");
    const also = (values: readonly string[] = []): string[] => [
      ...values,
      ...(reference === undefined ? [] : [reference]),
    ];
    const branches = [
      with_("session_id", also(keys.session_ids)),
      with_("payment_collection_id", also(keys.payment_collection_ids)),
      with_("cart_id", also(keys.cart_ids)),
      with_("order_id", also(keys.order_ids)),
      ...(reference === undefined
        ? []
        : [
            ...["id", "invoice_reference", "ers_reference"].map((column) => with_(column, [reference])),
            with_("disputed_reference", [reference]).whereRaw("disputed_reference is not null"),
            invoices(this.db)
              .whereIn(
                "id",
                REFUND_KEYS.map((column) =>
                  refunds(this.db)
                    .where({ [column]: reference })
                    .select("invoice_id"),
                ).reduce((all, one) => all.unionAll(one)),
              )
              .select("id", "created_at"),
          ]),
    ];
    const [first, ...others] = branches;
    if (!first) return [];
    const found = await this.db
      .from(first.union(others).as("found"))
      .orderBy(inOrder("newest"))
      .limit(limit)
      .select<{ id: string }[]>("id");
    return found.map(({ id }) => id);
  }

  async listRefunds(filter: RefundFilter, part: PartOf): Promise<Part<RefundRecord>> {
    const { state = REFUND_STATES, from, to, ids, invoice_ids } = filter;
    const branches = [...new Set(state)].map((one): Condition => {
      return (query) => {
        void query.where({ state: one });
        if (from) void query.where("requested_at", ">=", from);
        if (to) void query.where("requested_at", "<", to);
        if (ids) void query.whereIn("id", [...ids]);
        if (invoice_ids) void query.whereIn("invoice_id", [...invoice_ids]);
      };
    });
    // Each kind has the part's rows at most, so that few are sorted by their rank.
    const ofRank = (rank: number, some: Condition[]): Knex.QueryBuilder[] =>
      some.length === 0
        ? []
        : [
            this.#merged(some, (branch) => refunds(this.db).modify(branch))
              .orderBy(byRequest)
              .limit(part.offset + part.limit + COUNTED_FURTHER + 1)
              .select("*", this.db.raw("? as rank", [rank])),
          ];
    const unknown = [...new Set(state)].map((one) => one === "unknown");
    const ranked = (): Knex.QueryBuilder => {
      const [first, ...others] = [
        ...ofRank(
          0,
          branches.filter((_, index) => unknown[index]),
        ),
        ...ofRank(
          1,
          branches.filter((_, index) => !unknown[index]),
        ),
      ];
      const all = first ?? refunds(this.db).whereRaw("false").select("*", this.db.raw("0 as rank"));
      return this.db
        .from((others.length > 0 ? all.unionAll(others, true) : all).as("ranked"))
        .orderBy([{ column: "rank" }, ...byRequest]);
    };
    const { records, ...counted } = await this.#part<RefundRecord & { rank?: number }>(ranked, part);
    for (const record of records) delete record.rank;
    return { records, ...counted };
  }

  async findRefunds(reference: string): Promise<string[]> {
    const [first, ...others] = REFUND_KEYS.map((column) =>
      refunds(this.db)
        .where({ [column]: reference })
        .select("id"),
    );
    return first ? first.union(others).pluck("id") : [];
  }

  async latestObservations(
    ...[invoice_id, limit]: Parameters<PaymentReader["latestObservations"]>
  ): ReturnType<PaymentReader["latestObservations"]> {
    const rows = await this.db("seqr_observation")
      .where({ invoice_id })
      .whereNull("deleted_at")
      .orderBy("observed_at", "desc")
      .orderBy("id", "desc")
      .limit(limit)
      .select<Awaited<ReturnType<PaymentReader["latestObservations"]>>>(
        ...["id", "invoice_id", "observed_at", "source", "operation", "status", "version"],
        ...["ers_reference", "result"],
      );
    return rows.reverse();
  }

  /** A part of a list, and how many rows there are up to a bound. */
  async #part<Record>(ordered: () => Knex.QueryBuilder, { limit, offset }: PartOf): Promise<Part<Record>> {
    const records = (await ordered().limit(limit).offset(offset)) as Record[];
    const isLast = records.length < limit && (records.length > 0 || offset === 0);
    if (isLast) return { records, count: offset + records.length, has_more: false };
    const most = offset + limit + COUNTED_FURTHER;
    // In the same order: in another one PostgreSQL may read the table from its beginning.
    const some = ordered()
      .limit(most + 1)
      .select(this.db.raw("1"));
    const [row] = await this.db.from(some.as("some")).count<{ count: string }[]>("* as count");
    const counted = Number(row?.count ?? 0);
    return { records, count: Math.min(counted, most), has_more: counted > most };
  }

  /** The rows of all branches, which have none in common. */
  #merged(branches: Condition[], rowsOf: (branch: Condition) => Knex.QueryBuilder): Knex.QueryBuilder {
    const [first, ...others] = branches.map((branch) => rowsOf(branch).select("*"));
    const all = first ?? invoices(this.db).whereRaw("false").select("*");
    return this.db.from((others.length > 0 ? all.unionAll(others) : all).as("merged"));
  }

  async #branches(filter: PaymentFilter): Promise<Condition[]> {
    const { ids, state, has_problem, terminal, currency_code } = filter;
    if (ids) return [both((query) => void query.whereIn("id", [...ids]), conditionOf(filter))];
    if (state || has_problem !== undefined) {
      const problems = has_problem === undefined ? [true, false] : [has_problem];
      return [...new Set(state ?? INVOICE_STATES)].flatMap((one) =>
        problems.map((is) =>
          both(
            (query) => void query.where({ state: one }).whereRaw(is ? WITH_PROBLEM : WITHOUT_PROBLEM),
            conditionOf({ ...filter, state: undefined, has_problem: undefined }),
          ),
        ),
      );
    }
    if (!terminal && !currency_code) return [conditionOf(filter)];
    const pairs = (await this.#pairs()).filter(
      (pair) =>
        (!terminal || (pair.terminal !== null && terminal.includes(pair.terminal))) &&
        (!currency_code || currency_code.includes(pair.currency_code)),
    );
    const { from, to } = filter;
    return pairs.map((pair) => both((query) => void query.where(pair), conditionOf({ from, to })));
  }

  /** The terminals and currencies that payments have: one step in the index for each, however many payments there are. */
  async #pairs(): Promise<Pair[]> {
    const { rows } = await this.db.raw<{ rows: Pair[] }>(PAIRS);
    return rows;
  }
}

/** The columns by which a refund is known. */
const REFUND_KEYS = ["id", "refund_reference", "idempotency_key"] as const;

const byRequest: { column: string; order: "desc" }[] = [
  { column: "requested_at", order: "desc" },
  { column: "id", order: "desc" },
];

function inOrder(direction: Direction): { column: string; order: "asc" | "desc" }[] {
  const order = direction === "newest" ? "desc" : "asc";
  return [
    { column: "created_at", order },
    { column: "id", order },
  ];
}

function both(one: Condition, other: Condition): Condition {
  return (query) => void query.modify(one).modify(other);
}

/** What is not the branch's own. */
function conditionOf({ state, has_problem, terminal, currency_code, from, to }: PaymentFilter): Condition {
  return (query) => {
    if (state) void query.whereIn("state", [...state]);
    if (has_problem !== undefined) void query.whereRaw(has_problem ? WITH_PROBLEM : WITHOUT_PROBLEM);
    if (terminal) void query.whereIn("terminal", [...terminal]);
    if (currency_code) void query.whereIn("currency_code", [...currency_code]);
    if (from) void query.where("created_at", ">=", from);
    if (to) void query.where("created_at", "<", to);
  };
}

/** The smallest row of an index after another one, again and again. Rows without a terminal come after all others. */
const PAIRS = `with recursive named as (
    (select terminal, currency_code from seqr_invoice where deleted_at is null and terminal is not null
      order by terminal, currency_code limit 1)
    union all
    select next.terminal, next.currency_code from named cross join lateral (
      select i.terminal, i.currency_code from seqr_invoice i
      where i.deleted_at is null and (i.terminal, i.currency_code) > (named.terminal, named.currency_code)
      order by i.terminal, i.currency_code limit 1) next
  ), unnamed as (
    (select currency_code from seqr_invoice where deleted_at is null and terminal is null order by currency_code limit 1)
    union all
    select next.currency_code from unnamed cross join lateral (
      select i.currency_code from seqr_invoice i
      where i.deleted_at is null and i.terminal is null and i.currency_code > unnamed.currency_code
      order by i.currency_code limit 1) next
  )
  select terminal, currency_code from named union all select null, currency_code from unnamed`;
