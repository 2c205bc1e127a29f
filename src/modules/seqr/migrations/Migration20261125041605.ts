import { Migration } from "@medusajs/framework/mikro-orm/migrations";

export class Migration20261125041605 extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table if exists "seqr_invoice" add column if not exists "pending_amount" text null;`);
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_refund_idempotency_key" ON "seqr_refund" ("idempotency_key") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `create table if not exists "seqr_decision" ("id" text not null, "invoice_id" text not null, "kind" text not null, "action" text not null, "actor_id" text not null, "reason" text not null, "decided_at" timestamptz not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_decision_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_decision_invoice_id" ON "seqr_decision" ("invoice_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_decision_deleted_at" ON "seqr_decision" ("deleted_at") WHERE deleted_at IS NULL;`,
    );

    this.addSql(`alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_state_check";`);

    this.addSql(
      `alter table if exists "seqr_invoice" add constraint "seqr_invoice_state_check" check("state" in ('sending', 'open', 'canceling', 'declined', 'paid', 'captured', 'settled', 'owed', 'returning', 'returned', 'waived', 'canceled', 'expired', 'failed', 'void'));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_live_cart" ON "seqr_invoice" ("cart_id") WHERE state in ('sending', 'open', 'canceling', 'declined', 'paid', 'captured') AND deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_unfinished" ON "seqr_invoice" ("state_since") WHERE (state in ('declined', 'paid', 'captured', 'owed', 'returning') or (problem is not null and state <> 'void')) AND deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_paid_at" ON "seqr_invoice" ("paid_at") WHERE paid_at is not null AND deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`alter table if exists "seqr_invoice" drop column if exists "pending_amount";`);
    this.addSql(`drop index if exists "IDX_seqr_refund_idempotency_key";`);
    this.addSql(`drop table if exists "seqr_decision" cascade;`);

    this.addSql(`alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_state_check";`);

    this.addSql(`drop index if exists "IDX_seqr_invoice_live_cart";`);
    this.addSql(`drop index if exists "IDX_seqr_invoice_unfinished";`);
    this.addSql(`drop index if exists "IDX_seqr_invoice_paid_at";`);

    this.addSql(
      `alter table if exists "seqr_invoice" add constraint "seqr_invoice_state_check" check("state" in ('sending', 'open', 'canceling', 'declined', 'paid', 'captured', 'settled', 'returning', 'returned', 'canceled', 'expired', 'failed', 'void'));`,
    );
  }
}
