import { Migration } from "@medusajs/framework/mikro-orm/migrations";

export class Migration20261121041228 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_ers_reference_unique";`,
    );
    this.addSql(
      `alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_invoice_reference_unique";`,
    );
    this.addSql(
      `alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_notification_token_hash_unique";`,
    );
    this.addSql(
      `alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_token_hash_unique";`,
    );
    this.addSql(
      `alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_session_id_unique";`,
    );
    this.addSql(
      `create table if not exists "seqr_invoice" ("id" text not null, "session_id" text not null, "payment_collection_id" text not null, "cart_id" text null, "order_id" text null, "token_hash" text not null, "notification_token_hash" text not null, "terminal_id" text not null, "client_invoice_id" text not null, "invoice_reference" text null, "ers_reference" text null, "qr_code" text null, "amount" text not null, "currency_code" text not null, "state" text check ("state" in ('sending', 'open', 'canceling', 'declined', 'paid', 'captured', 'settled', 'returning', 'returned', 'canceled', 'expired', 'failed', 'void')) not null, "state_since" timestamptz not null, "reason" text null, "version" integer not null default 0, "expires_at" timestamptz not null, "observed_at" timestamptz null, "notified_at" timestamptz null, "viewed_at" timestamptz null, "paid_at" timestamptz null, "settled_at" timestamptz null, "due_at" timestamptz null, "lease_owner" text null, "lease_until" timestamptz null, "attempts" integer not null default 0, "problem" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_invoice_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_session_id_unique" ON "seqr_invoice" ("session_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_payment_collection_id" ON "seqr_invoice" ("payment_collection_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_order_id" ON "seqr_invoice" ("order_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_token_hash_unique" ON "seqr_invoice" ("token_hash") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_notification_token_hash_unique" ON "seqr_invoice" ("notification_token_hash") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_invoice_reference_unique" ON "seqr_invoice" ("invoice_reference") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_ers_reference_unique" ON "seqr_invoice" ("ers_reference") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_deleted_at" ON "seqr_invoice" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_payable" ON "seqr_invoice" ("payment_collection_id") WHERE state in ('sending', 'open', 'canceling', 'declined') and deleted_at is null;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_due" ON "seqr_invoice" ("due_at") WHERE due_at is not null AND deleted_at IS NULL;`,
    );

    this.addSql(
      `create table if not exists "seqr_observation" ("id" text not null, "invoice_id" text not null, "observed_at" timestamptz not null, "source" text not null, "operation" text not null, "status" text null, "version" integer null, "result" text not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_observation_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_observation_invoice_id" ON "seqr_observation" ("invoice_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_observation_deleted_at" ON "seqr_observation" ("deleted_at") WHERE deleted_at IS NULL;`,
    );

    this.addSql(
      `create table if not exists "seqr_refund" ("id" text not null, "invoice_id" text not null, "idempotency_key" text not null, "amount" text not null, "currency_code" text not null, "state" text check ("state" in ('requested', 'done', 'refused', 'unknown')) not null, "reason" text not null, "refund_reference" text null, "result" text null, "requested_at" timestamptz not null, "finished_at" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_refund_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_refund_invoice_id" ON "seqr_refund" ("invoice_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_refund_deleted_at" ON "seqr_refund" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_refund_unfinished" ON "seqr_refund" ("invoice_id") WHERE state in ('requested', 'unknown') and deleted_at is null;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "seqr_invoice" cascade;`);

    this.addSql(`drop table if exists "seqr_observation" cascade;`);

    this.addSql(`drop table if exists "seqr_refund" cascade;`);
  }
}
