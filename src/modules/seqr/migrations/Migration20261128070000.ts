import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** References of every answer; one refund for each key; a lock for starting payments. */
export class Migration20261128070000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table if exists "seqr_invoice" add column if not exists "disputed_reference" text null, add column if not exists "disputed_amount" text null;`,
    );
    this.addSql(
      `alter table if exists "seqr_observation" add column if not exists "ers_reference" text null;`,
    );
    this.addSql(
      `alter table if exists "seqr_refund" add column if not exists "taken_over_at" timestamptz null;`,
    );
    // Two refunds could have one key before; both were made, so both stay.
    this.addSql(
      `update "seqr_refund" set "idempotency_key" = "idempotency_key" || '#' || "id" where "id" in (select "id" from (select "id", row_number() over (partition by "invoice_id", "idempotency_key" order by "requested_at", "id") as "number" from "seqr_refund" where "state" <> 'refused' and "deleted_at" is null) as "same" where "number" > 1);`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_refund_key" ON "seqr_refund" ("invoice_id", "idempotency_key") WHERE state <> 'refused' AND deleted_at IS NULL;`,
    );
    this.addSql(
      `create table if not exists "seqr_purchase_lock" ("id" text not null, "lease_owner" text not null, "lease_until" timestamptz not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_purchase_lock_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_purchase_lock_deleted_at" ON "seqr_purchase_lock" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "seqr_purchase_lock" cascade;`);
    this.addSql(`drop index if exists "IDX_seqr_refund_key";`);
    this.addSql(`alter table if exists "seqr_refund" drop column if exists "taken_over_at";`);
    this.addSql(`alter table if exists "seqr_observation" drop column if exists "ers_reference";`);
    this.addSql(
      `alter table if exists "seqr_invoice" drop column if exists "disputed_reference", drop column if exists "disputed_amount";`,
    );
  }
}
