import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Adds the receipts that SEQR gets. Payments and refunds from before it have none. */
export class Migration20261129000000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table if not exists "seqr_receipt" ("id" text not null, "invoice_id" text not null, "refund_id" text null, "ers_reference" text not null, "state" text check ("state" in ('pending', 'sent', 'refused', 'skipped')) not null, "attempts" integer not null default 0, "due_at" timestamptz null, "result" text null, "sent_at" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "seqr_receipt_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_receipt_invoice_id" ON "seqr_receipt" ("invoice_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_receipt_ers_reference_unique" ON "seqr_receipt" ("ers_reference") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_receipt_deleted_at" ON "seqr_receipt" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_receipt_due" ON "seqr_receipt" ("due_at") WHERE due_at is not null AND deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "seqr_receipt" cascade;`);
  }
}
