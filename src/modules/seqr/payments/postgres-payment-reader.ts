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

/** The columns by which rows are ordered. */
type Order = { column: string; order: "asc" | "desc" }[];

/** A terminal and a currency that payments have. */
interface Pair {
  terminal: string | null;
  currency_code: string;
}

/** Branches of one statement: more than this cost more than they save. */
const MOST_BRANCHES = 200;

const WITHOUT_PROBLEM = "problem is null";
const WITH_PROBLEM = "problem is not null";

/**
 * Reads payments and refunds in PostgreSQL. A list is made of branches, each of which one index has in the list's order, so that PostgreSQL
 * reads no more of each than it can give. A condition on several values would have it sort all the rows that fit.
 */
export class PostgresPaymentReader implements PaymentReader {
  constructor(private readonly db: Knex) {}

  async listPayments(
    filter: PaymentFilter,
    direction: Direction,
    part: PartOf,
  ): Promise<Part<InvoiceRecord>> {
    const branches = await this.#branches(filter);
    const merged = (most: number): Knex.QueryBuilder =>
      this.#merged(
        invoices,
        branches.map((branch) => invoices(this.db).modify(branch)),
        inOrder(direction),
        most,
      );
    return this.#part<InvoiceRecord>(merged, (query) => void query.orderBy(inOrder(direction)), part);
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
    const rows = await this.#merged(
      invoices,
      branches.map((branch) => invoices(this.db).modify(branch).modify(isAfter)),
      inOrder(direction),
      limit,
    )
      .orderBy(inOrder(direction))
      .limit(limit)
      .select<(InvoiceRecord & { created_at_text: string })[]>(
        "*",
        this.db.raw("created_at::text as created_at_text"),
      );
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
    const branches = [...new Set(state)].map((one) =>
      refunds(this.db)
        .where({ state: one })
        .modify((query) => {
          if (from) void query.where("requested_at", ">=", from);
          if (to) void query.where("requested_at", "<", to);
          if (ids) void query.whereIn("id", [...ids]);
          if (invoice_ids) void query.whereIn("invoice_id", [...invoice_ids]);
        }),
    );
    return this.#part<RefundRecord>(
      (most) => this.#merged(refunds, branches, BY_REQUEST, most),
      (query) => void query.orderByRaw("state = 'unknown' desc").orderBy(BY_REQUEST),
      part,
    );
  }

  async findRefunds(reference: string): Promise<string[]> {
    const [first, ...others] = REFUND_KEYS.map((column) =>
      refunds(this.db)
        .where({ [column]: reference })
        .select("id"),
    );
    const found = await first?.union(others).select<{ id: string }[]>();
    return (found ?? []).map(({ id }) => id);
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

  /**
   * Reads a part of a list, and counts its rows up to a bound.
   *
   * @param merged gives the first rows of each branch, so many of each at most
   */
  async #part<Record>(
    merged: (most: number) => Knex.QueryBuilder,
    ordered: Condition,
    { limit, offset }: PartOf,
  ): Promise<Part<Record>> {
    const query = merged(offset + limit)
      .modify(ordered)
      .limit(limit)
      .offset(offset);
    const records = (await query) as Record[];
    const isLast = records.length < limit && (records.length > 0 || offset === 0);
    if (isLast) return { records, count: offset + records.length, has_more: false };
    const most = offset + limit + COUNTED_FURTHER;
    const some = merged(most + 1)
      .limit(most + 1)
      .select("id");
    const [row] = await this.db.from(some.as("some")).count<{ count: string }[]>("* as count");
    const counted = Number(row?.count ?? 0);
    return { records, count: Math.min(counted, most), has_more: counted > most };
  }

  /**
   * The first rows of all branches, which have none in common. Each branch has its own order and limit: without them PostgreSQL does not
   * use the order of its index.
   */
  #merged(
    table: (db: Knex) => Knex.QueryBuilder,
    branches: Knex.QueryBuilder[],
    order: Order,
    most: number,
  ): Knex.QueryBuilder {
    const none = table(this.db).whereRaw("false").select("*");
    const [first = none, ...others] = branches.map((branch): Knex.QueryBuilder =>
      this.db.from(branch.clone().select("*").orderBy(order).limit(most).as("branch")).select("*"),
    );
    return this.db.from((others.length > 0 ? first.unionAll(others) : first).as("merged"));
  }

  async #branches(filter: PaymentFilter): Promise<Condition[]> {
    const { ids, has_problem, terminal, currency_code } = filter;
    const state = filter.state && [...new Set(filter.state)];
    if (ids) return [conditionOf(filter)];
    if (has_problem) return (state ?? INVOICE_STATES).map((one) => conditionOf({ ...filter, state: [one] }));
    if (!state && !terminal && !currency_code) return [conditionOf(filter)];
    const pairs = (await this.#pairs()).filter(
      (pair) =>
        (!terminal || (pair.terminal !== null && terminal.includes(pair.terminal))) &&
        (!currency_code || currency_code.includes(pair.currency_code)),
    );
    const states = state?.map((one) => [one]) ?? [undefined];
    if (pairs.length * states.length > MOST_BRANCHES) return [conditionOf(filter)];
    const { from, to } = filter;
    return pairs.flatMap((pair) =>
      states.map((state): Condition => {
        const rest = conditionOf({ state, has_problem, from, to });
        return (query) => void query.where(pair).modify(rest);
      }),
    );
  }

  /** The terminals and currencies that payments have: one step in the index for each, however many payments there are. */
  async #pairs(): Promise<Pair[]> {
    const { rows } = await this.db.raw<{ rows: Pair[] }>(PAIRS);
    return rows;
  }
}

/** The columns by which a refund is known. */
const REFUND_KEYS = ["id", "refund_reference", "idempotency_key"] as const;

const BY_REQUEST: Order = [
  { column: "requested_at", order: "desc" },
  { column: "id", order: "desc" },
];

function inOrder(direction: Direction): Order {
  const order = direction === "newest" ? "desc" : "asc";
  return [
    { column: "created_at", order },
    { column: "id", order },
  ];
}

/** What a filter says, in words that the indexes have: one state is compared and not listed. */
function conditionOf(filter: PaymentFilter): Condition {
  const { ids, state, has_problem, terminal, currency_code, from, to } = filter;
  return (query) => {
    if (ids) void query.whereIn("id", [...ids]);
    if (state?.length === 1) void query.where({ state: state[0] });
    else if (state) void query.whereIn("state", [...state]);
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
