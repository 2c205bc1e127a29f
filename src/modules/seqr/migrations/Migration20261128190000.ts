import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Finds all invoices of a cart, for its link to the ledger, and not only those that are live. */
export class Migration20261128190000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(`drop index if exists "IDX_seqr_invoice_live_cart";`);
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_cart_id" ON "seqr_invoice" ("cart_id") WHERE deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index if exists "IDX_seqr_invoice_cart_id";`);
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_live_cart" ON "seqr_invoice" ("cart_id") WHERE state in ('sending', 'open', 'canceling', 'unacknowledged', 'paid', 'captured') AND deleted_at IS NULL;`,
    );
  }
}
