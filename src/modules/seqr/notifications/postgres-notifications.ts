import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import { INVOICE } from "../ledger/postgres-tables";
import { NOTIFICATION_RESULTS } from "./notification-results";
import type {
  Announcement,
  NewNotification,
  NotificationFilter,
  NotificationPage,
  NotificationRecord,
  NotificationStore,
} from "./notification-store";

const NOTIFICATION = "seqr_notification";

/** Columns of the list: of the notification, and of the invoice that it announces. */
const COLUMNS = [
  ...["n.id", "n.received_at", "n.result", "n.invoice_id", "n.terminal", "n.requests"],
  ...["n.replayed_at", "n.replayed_by", "i.invoice_reference", "i.order_id", "i.paid_at"],
];

/** Stores notifications in PostgreSQL. */
export class PostgresNotifications implements NotificationStore {
  constructor(private readonly db: Knex) {}

  async insert(notifications: readonly NewNotification[]): Promise<void> {
    const rows = notifications.map((one) => ({ ...one, id: generateEntityId(undefined, "seqrnot") }));
    await this.db(NOTIFICATION).insert(rows);
  }

  async find(id: string): Promise<NotificationRecord | undefined> {
    const [found] = await this.#withInvoices(this.#rows().where({ id }));
    return found;
  }

  async list(
    filter: NotificationFilter,
    { limit, offset, most }: { limit: number; offset: number; most: number },
  ): Promise<NotificationPage> {
    if (filter.result?.length === 0 || filter.terminal?.length === 0)
      return { records: [], count: 0, has_more: false };
    const last = offset + limit + 1;
    const page = this.db
      .from(this.#ofEach(filter, last, "*", "desc").as("n"))
      .select("n.*")
      .orderBy(NEWEST_FIRST)
      .offset(offset)
      .limit(limit + 1);
    const counted = this.#ofEach(filter, most, "id", "desc");
    const [records, [total]] = await Promise.all([
      this.#withInvoices(page),
      this.db.from(counted.as("n")).count<{ count: string }[]>("* as count"),
    ]);
    return {
      records: records.slice(0, limit),
      count: Math.min(Number(total?.count ?? 0), most),
      has_more: records.length > limit,
    };
  }

  async recordReplay(id: string, actorId: string, at: Date): Promise<void> {
    await this.#rows().where({ id }).update({ replayed_at: at, replayed_by: actorId });
  }

  async countStrangers(since: Date): Promise<number> {
    const [row] = await this.#rows()
      .where({ result: "unknown" })
      .where("received_at", ">=", since)
      .sum<{ sum: string | null }[]>("requests as sum");
    return Number(row?.sum ?? 0);
  }

  async announcements(terminals: readonly string[], limit: number): Promise<Map<string, Announcement[]>> {
    const { rows } = await this.db.raw<{ rows: (Announcement & { terminal: string })[] }>(
      `select of.terminal, paid.paid_at, paid.notified_at
         from unnest(?::text[]) as of(terminal)
         cross join lateral (
           select paid_at, notified_at, reserved_at from seqr_invoice
             where seqr_invoice.terminal = of.terminal and paid_at is not null and deleted_at is null
             order by paid_at desc limit ?
         ) as paid
         where paid.reserved_at is null
         order by paid.paid_at desc`,
      [[...terminals], limit],
    );
    const found = new Map<string, Announcement[]>(terminals.map((name) => [name, []]));
    for (const { terminal, paid_at, notified_at } of rows)
      found.get(terminal)?.push({ paid_at, notified_at });
    return found;
  }

  async deleteBefore(before: Date, limit: number): Promise<void> {
    const old = this.#ofEach({ to: before }, limit, "id", "asc");
    // As an array: joined with them, PostgreSQL may read the whole table instead of its key.
    await this.db(NOTIFICATION)
      .whereRaw("id = any(array(?))", [this.db.from(old.as("n")).select("n.id")])
      .delete();
  }

  /** Rows that Medusa's services have deleted are left out. */
  #rows(): Knex.QueryBuilder {
    return this.db(NOTIFICATION).whereNull("deleted_at");
  }

  /**
   * The first rows of each result and each terminal. Each is one part of an index in its order, so that no more rows are read than
   * are wanted.
   */
  #ofEach(
    { result = NOTIFICATION_RESULTS, terminal, invoice_id, from, to }: NotificationFilter,
    limit: number,
    columns: "*" | "id",
    order: "asc" | "desc",
  ): Knex.QueryBuilder {
    const matching = (): Knex.QueryBuilder =>
      this.#rows().modify((query) => {
        if (invoice_id !== undefined) void query.where({ invoice_id });
        if (from) void query.where("received_at", ">=", from);
        if (to) void query.where("received_at", "<", to);
        void query
          .select(columns)
          .orderBy([
            { column: "received_at", order },
            { column: "id", order },
          ])
          .limit(limit);
      });
    const parts = [...new Set(result)].flatMap((one) =>
      terminal
        ? [...new Set(terminal)].map((name) => matching().where({ result: one, terminal: name }))
        : [matching().where({ result: one })],
    );
    return this.db.queryBuilder().unionAll(parts, true);
  }

  /** Adds what the ledger says of each payment: read by its key, for the rows of a page only. */
  #withInvoices(page: Knex.QueryBuilder): Promise<NotificationRecord[]> {
    return this.db
      .from(page.as("n"))
      .leftJoin(`${INVOICE} as i`, (join) => void join.on("i.id", "n.invoice_id").onNull("i.deleted_at"))
      .select<NotificationRecord[]>(COLUMNS)
      .orderBy(NEWEST_FIRST);
  }
}

const NEWEST_FIRST = [
  { column: "n.received_at", order: "desc" },
  { column: "n.id", order: "desc" },
] as const satisfies { column: string; order: "desc" }[];
