import type { TestStore } from "./store";

/** A moment at which a server's work can be stopped from outside: when a row of a table is about to be committed. */
export interface StoppingPoint {
  table: string;
  on: "insert" | "update" | "delete";
  /** SQL condition on `new` and `old`; left out: every row. */
  when?: string;
  /** SQL that gives the row's cart; `$1` is the row as jsonb. */
  cart: string;
}

const OF_COLLECTION = "select cart_id from cart_payment_collection where payment_collection_id = ";
const OF_PAYMENT = `${OF_COLLECTION} (select payment_collection_id from payment where id = $1->>'payment_id')`;
const OF_INVOICE = "select cart_id from seqr_invoice where id = $1->>'invoice_id'";
// An order has no link to its cart yet when it is written; the tests' shoppers have addresses of their own.
const OF_EMAIL = "select id from cart where email = ";
const state = (to: string): string => `new.state = '${to}' and old.state <> '${to}'`;
const invoice = (to: string): StoppingPoint => ({
  table: "seqr_invoice",
  on: "update",
  when: state(to),
  cart: "$1->>'cart_id'",
});

/** Every point at which the path of a payment leaves something in the database. */
export const POINTS_OF_PAYMENTS = {
  "intent to send": { table: "seqr_invoice", on: "insert", cart: "$1->>'cart_id'" },
  "invoice open": invoice("open"),
  "session written": {
    table: "payment_session",
    on: "update",
    when: "new.data <> old.data and new.authorized_at is null",
    cart: `${OF_COLLECTION} $1->>'payment_collection_id'`,
  },
  "session deleted": {
    table: "payment_session",
    on: "delete",
    cart: `${OF_COLLECTION} $1->>'payment_collection_id'`,
  },
  "notification noted": {
    table: "seqr_invoice",
    on: "update",
    when: "new.notified_at is not null and old.notified_at is null",
    cart: "$1->>'cart_id'",
  },
  "invoice claimed": {
    table: "seqr_invoice",
    on: "update",
    when: "new.lease_owner is not null and new.lease_owner is distinct from old.lease_owner",
    cart: "$1->>'cart_id'",
  },
  "answer noted": { table: "seqr_observation", on: "insert", cart: OF_INVOICE },
  "invoice paid": invoice("paid"),
  "invoice captured": invoice("captured"),
  "invoice processed": invoice("completed"),
  "invoice canceled": invoice("canceled"),
  "invoice expired": invoice("expired"),
  "invoice returning": invoice("refunding"),
  "invoice returned": invoice("refunded"),
  "order written": { table: '"order"', on: "insert", cart: `${OF_EMAIL} $1->>'email'` },
  "order linked": { table: "order_cart", on: "insert", cart: "$1->>'cart_id'" },
  "payments linked": {
    table: "order_payment_collection",
    on: "insert",
    cart: `${OF_COLLECTION} $1->>'payment_collection_id'`,
  },
  "cart completed": {
    table: "cart",
    on: "update",
    when: "new.completed_at is not null and old.completed_at is null",
    cart: "$1->>'id'",
  },
  "stock reserved": {
    table: "reservation_item",
    on: "insert",
    cart: `${OF_EMAIL} (select o.email from order_item i join "order" o on o.id = i.order_id
                       where i.item_id = $1->>'line_item_id')`,
  },
  "payment written": {
    table: "payment",
    on: "insert",
    cart: `${OF_COLLECTION} $1->>'payment_collection_id'`,
  },
  "money entered": {
    table: "order_transaction",
    on: "insert",
    cart: `${OF_EMAIL} (select email from "order" where id = $1->>'order_id')`,
  },
  "refund written": { table: "refund", on: "insert", cart: OF_PAYMENT },
  "intent to refund": { table: "seqr_refund", on: "insert", cart: OF_INVOICE },
  "refund done": { table: "seqr_refund", on: "update", when: state("done"), cart: OF_INVOICE },
  "order canceled": {
    table: '"order"',
    on: "update",
    when: "new.status = 'canceled' and old.status <> 'canceled'",
    cart: `${OF_EMAIL} $1->>'email'`,
  },
} as const satisfies Record<string, StoppingPoint>;

/** Every point that only the capture or the release of a reservation has. */
export const POINTS_OF_RESERVATIONS = {
  "capture written": { table: "capture", on: "insert", cart: OF_PAYMENT },
  "payment captured": {
    table: "payment",
    on: "update",
    when: "new.captured_at is not null and old.captured_at is null",
    cart: `${OF_COLLECTION} $1->>'payment_collection_id'`,
  },
  "invoice capturing": invoice("capturing"),
  "invoice committed": invoice("committed"),
  "invoice releasing": invoice("releasing"),
} as const satisfies Record<string, StoppingPoint>;

const STOPPING_POINTS = { ...POINTS_OF_PAYMENTS, ...POINTS_OF_RESERVATIONS };
export type StoppingPointName = keyof typeof STOPPING_POINTS;

/** Work that stands still. */
export interface Stopped {
  /** Process id in PostgreSQL. */
  backend: number;
  cartId: string;
  point: string;
}

/**
 * Lays the points into a store's database as deferred triggers: they run inside the COMMIT that the server has sent
 * already. What is held there becomes true when it is let go, also when its server is dead by then, and never was when
 * its backend is ended.
 */
export class StoppingPoints {
  private constructor(private readonly sql: TestStore["sql"]) {}

  static async install(sql: TestStore["sql"]): Promise<StoppingPoints> {
    await sql("create table stopping_point (cart_id text, point text, primary key (cart_id, point))");
    await sql(`
      create function stop_here() returns trigger language plpgsql as $$
      declare
        this jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
        cart text;
      begin
        if not exists (select from stopping_point where point = tg_argv[0]) then return null; end if;
        execute 'select (' || tg_argv[1] || ')' into cart using this;
        while exists (select from stopping_point where point = tg_argv[0] and cart_id = cart) loop
          perform set_config('application_name', 'stopped/' || cart || '/' || tg_argv[0], false);
          perform pg_sleep(0.05);
        end loop;
        return null;
      end $$`);
    for (const [name, point] of Object.entries<StoppingPoint>(STOPPING_POINTS)) {
      await sql(`
        create constraint trigger "stop: ${name}" after ${point.on} on ${point.table}
        deferrable initially deferred for each row
        ${point.when === undefined ? "" : `when (${point.when})`}
        execute function stop_here('${name}', '${point.cart.replaceAll("'", "''")}')`);
    }
    return new StoppingPoints(sql);
  }

  /** From now on this cart's payment stops there. */
  async set(cartId: string, point: StoppingPointName): Promise<void> {
    await this.sql("insert into stopping_point values ($1, $2)", [cartId, point]);
  }

  /** What stands still now. */
  async stopped(): Promise<Stopped[]> {
    const rows = await this.sql<{ pid: number; application_name: string }>(
      `select pid, application_name from pg_stat_activity
       where datname = current_database() and application_name like 'stopped/%'`,
    );
    return rows.map(({ pid, application_name }) => {
      const [, cartId = "", point = ""] = application_name.split("/");
      return { backend: pid, cartId, point };
    });
  }

  /** Ends what stands still there: it is rolled back. */
  async rollBack({ backend }: Stopped): Promise<void> {
    await this.sql("select pg_terminate_backend($1)", [backend]);
  }

  /** Lets everything go on that still stands, and takes all points away. */
  async release(): Promise<void> {
    await this.sql("delete from stopping_point");
  }
}
