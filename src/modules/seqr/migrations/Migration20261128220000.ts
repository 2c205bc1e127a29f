import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** The latest payments are read for each terminal, so their index begins with the terminal. */
export class Migration20261128220000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(`drop index if exists "IDX_seqr_invoice_paid_at";`);
    this.addSql(
      `create index if not exists "IDX_seqr_invoice_terminal_paid_at" on "seqr_invoice" ("terminal", "paid_at") where paid_at is not null and deleted_at is null;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index if exists "IDX_seqr_invoice_terminal_paid_at";`);
    this.addSql(
      `create index if not exists "IDX_seqr_invoice_paid_at" on "seqr_invoice" ("paid_at") where paid_at is not null and deleted_at is null;`,
    );
  }
}
