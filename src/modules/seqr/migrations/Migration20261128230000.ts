import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Columns of a reservation, and their types in PostgreSQL. */
const COLUMNS = {
  reservation_time: "integer",
  reserved_amount: "text",
  reserved_at: "timestamptz",
  reserved_until: "timestamptz",
  capture_amount: "text",
  capture_key: "text",
};

const BEFORE = {
  states: [
    ...["sending", "open", "canceling", "unacknowledged", "paid", "captured", "completed", "refund_due"],
    ...["refunding", "refunded", "closed_by_staff", "canceled", "expired", "failed", "not_issued"],
  ],
  unresolved: ["unacknowledged", "paid", "captured", "refund_due", "refunding"],
};
const AFTER = {
  states: [
    ...["sending", "open", "canceling", "unacknowledged", "paid", "captured", "reserved", "authorized"],
    ...["awaiting_capture", "capturing", "committed", "releasing", "lapsed", "completed", "refund_due"],
    ...["refunding", "refunded", "closed_by_staff", "canceled", "expired", "failed", "not_issued"],
  ],
  unresolved: [
    ...["unacknowledged", "paid", "captured", "reserved", "authorized", "capturing", "committed"],
    ...["releasing", "refund_due", "refunding"],
  ],
};

/** Records reservations and their captures: columns and states. */
export class Migration20261128230000 extends Migration {
  override async up(): Promise<void> {
    for (const [name, type] of Object.entries(COLUMNS))
      this.addSql(`alter table if exists "seqr_invoice" add column if not exists "${name}" ${type} null;`);
    this.#declare(AFTER);
  }

  override async down(): Promise<void> {
    this.#declare(BEFORE);
    for (const name of Object.keys(COLUMNS))
      this.addSql(`alter table if exists "seqr_invoice" drop column if exists "${name}";`);
  }

  /** The check of the state's column, and the partial index whose condition names states. */
  #declare({ states, unresolved }: typeof BEFORE): void {
    this.addSql(`alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_state_check";`);
    this.addSql(
      `alter table if exists "seqr_invoice" add constraint "seqr_invoice_state_check" check("state" in ${oneOf(states)});`,
    );
    this.addSql(`drop index if exists "IDX_seqr_invoice_unfinished";`);
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_unfinished" ON "seqr_invoice" ("state_since") WHERE (state in ${oneOf(unresolved)} or (problem is not null and state <> 'not_issued')) AND deleted_at IS NULL;`,
    );
  }
}

function oneOf(states: readonly string[]): string {
  return `(${states.map((state) => `'${state}'`).join(", ")})`;
}
