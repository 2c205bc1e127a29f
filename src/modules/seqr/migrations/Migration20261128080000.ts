import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Announces the purchase instead of the invoice: a page of one code has to hear what becomes of the others (`Changes`). */
export class Migration20261128080000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create or replace function seqr_invoice_changed() returns trigger language plpgsql as $$ begin perform pg_notify('seqr_invoice', new.payment_collection_id); return null; end $$;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(
      `create or replace function seqr_invoice_changed() returns trigger language plpgsql as $$ begin perform pg_notify('seqr_invoice', new.id); return null; end $$;`,
    );
  }
}
