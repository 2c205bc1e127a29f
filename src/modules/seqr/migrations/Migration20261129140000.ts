import { Migration } from "@medusajs/framework/mikro-orm/migrations";

const COMMON = `"created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null`;

/** Records SEQR's notifications, and the servers that watch payments. */
export class Migration20261129140000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table if not exists "seqr_notification" ("id" text not null, "received_at" timestamptz not null, "result" text check ("result" in ('recorded', 'repeated', 'unknown')) not null, "invoice_id" text null, "terminal" text null, "requests" integer not null default 1, "replayed_at" timestamptz null, "replayed_by" text null, ${COMMON}, constraint "seqr_notification_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_notification_invoice_id" ON "seqr_notification" ("invoice_id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_notification_result" ON "seqr_notification" ("result", "received_at", "id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_notification_terminal" ON "seqr_notification" ("terminal", "result", "received_at", "id") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_notification_deleted_at" ON "seqr_notification" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `create table if not exists "seqr_server" ("id" text not null, "started_at" timestamptz not null, "swept_at" timestamptz not null, ${COMMON}, constraint "seqr_server_pkey" primary key ("id"));`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_server_swept_at" ON "seqr_server" ("swept_at") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_server_deleted_at" ON "seqr_server" ("deleted_at") WHERE deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "seqr_server" cascade;`);
    this.addSql(`drop table if exists "seqr_notification" cascade;`);
  }
}
