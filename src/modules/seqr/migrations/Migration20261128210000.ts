import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Records which of a store's terminals made an invoice. Earlier invoices have none: their terminal is found by its id at SEQR. */
export class Migration20261128210000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table if exists "seqr_invoice" add column if not exists "terminal" text null;`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table if exists "seqr_invoice" drop column if exists "terminal";`);
  }
}
