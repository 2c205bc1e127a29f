import { Migration } from "@medusajs/framework/mikro-orm/migrations";

const TABLES = ["seqr_period", "seqr_period_report", "seqr_report_row", "seqr_reconciliation_item"];

/** Adds the books: periods, reports, their rows and the reconciliation; and decisions about periods. */
export class Migration20261129100000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table if not exists "seqr_period" ("id" text not null, "endpoint" text not null, "reseller_id" text not null, "terminal" text null, "terminal_id" text null, "scope" text not null, "state" text check ("state" in ('marking', 'marked', 'reconciled', 'unreported', 'lost', 'refused')) not null, "transaction_period_id" text null, "closing_day" text null, "actor_id" text null, "opened_at" timestamptz null, "requested_at" timestamptz not null, "marked_at" timestamptz null, "reported_at" timestamptz null, "reconciled_at" timestamptz null, "sales_count" integer null, "sales_total" text null, "due_at" timestamptz null, "attempts" integer not null default 0, "failing_since" timestamptz null, "lease_owner" text null, "lease_until" timestamptz null, "result" text null, "is_open" boolean not null default false, "report_differs" boolean not null default false, "summary_differs" boolean not null default false, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_period_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_period_deleted_at" ON "seqr_period" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_period_marking" ON "seqr_period" ("scope") WHERE state = 'marking' and deleted_at is null;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_period_closing_day" ON "seqr_period" ("scope", "closing_day") WHERE closing_day is not null and state <> 'refused' and deleted_at is null;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_period_transaction_period_id" ON "seqr_period" ("transaction_period_id", "scope") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_period_scope_requested_at" ON "seqr_period" ("scope", "requested_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_period_due" ON "seqr_period" ("due_at") WHERE due_at is not null AND deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_period_open" ON "seqr_period" ("requested_at") WHERE (is_open or report_differs or summary_differs) AND deleted_at IS NULL;`,
    );
    this.addSql(
      `create table if not exists "seqr_period_report" ("id" text not null, "period_id" text not null, "report_id" text not null, "title" text null, "mime_type" text null, "content" text not null, "digest" text not null, "is_current" boolean not null default true, "fetched_at" timestamptz not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_period_report_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_period_report_period_id" ON "seqr_period_report" ("period_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_period_report_deleted_at" ON "seqr_period_report" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `create table if not exists "seqr_report_row" ("id" text not null, "period_id" text not null, "row_number" integer not null, "terminal_id" text not null, "cashier_id" text null, "amount" text not null, "ers_reference" text not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_report_row_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_report_row_deleted_at" ON "seqr_report_row" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_report_row_number" ON "seqr_report_row" ("period_id", "row_number") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `create table if not exists "seqr_reconciliation_item" ("id" text not null, "period_id" text not null, "scope" text not null, "number" integer not null, "row_number" integer null, "kind" text check ("kind" in ('payment', 'refund')) not null, "class" text check ("class" in ('agrees', 'amount_differs', 'terminal_differs', 'medusa_differs', 'only_at_seqr', 'only_here')) not null, "cause" text check ("cause" in ('other_amount', 'wrong_sign', 'other_terminal', 'other_currency', 'not_recorded', 'other_record', 'other_system', 'given_back', 'contradicting', 'doubled', 'counted_twice', 'perhaps_unknown_refund', 'next_period', 'lost_period', 'refund_not_reported', 'missing')) null, "terminal_id" text not null, "cashier_id" text null, "ers_reference" text null, "currency_code" text null, "reported_amount" text null, "expected_amount" text null, "medusa_amount" text null, "invoice_id" text null, "refund_id" text null, "order_id" text null, "occurred_at" timestamptz null, "carried_from" text null, "carried_to" text null, "is_open" boolean not null default false, "accepted_by" text null, "accepted_at" timestamptz null, "accepted_reason" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_reconciliation_item_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_deleted_at" ON "seqr_reconciliation_item" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_number" ON "seqr_reconciliation_item" ("period_id", "number") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_class" ON "seqr_reconciliation_item" ("period_id", "class", "number") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_reference" ON "seqr_reconciliation_item" ("ers_reference", "scope") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_open" ON "seqr_reconciliation_item" ("period_id") WHERE is_open AND deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_refund_refund_reference" ON "seqr_refund" ("refund_reference") WHERE deleted_at IS NULL;`,
    );
    this.addSql(`alter table if exists "seqr_decision" alter column "invoice_id" drop not null;`);
    this.addSql(`alter table if exists "seqr_decision" add column if not exists "period_id" text null;`);
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_decision_period_id" ON "seqr_decision" ("period_id") WHERE deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index if exists "IDX_seqr_decision_period_id";`);
    // Decisions about periods have no meaning without the periods.
    this.addSql(`delete from "seqr_decision" where "invoice_id" is null;`);
    this.addSql(`alter table if exists "seqr_decision" drop column if exists "period_id";`);
    this.addSql(`alter table if exists "seqr_decision" alter column "invoice_id" set not null;`);
    this.addSql(`drop index if exists "IDX_seqr_refund_refund_reference";`);
    for (const table of TABLES) this.addSql(`drop table if exists "${table}" cascade;`);
  }
}
