import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Announces what the shopper sees of an invoice, so that every server can pass it on (`Changes`). */
export class Migration20261125140000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create or replace function seqr_invoice_changed() returns trigger language plpgsql as $$ begin perform pg_notify('seqr_invoice', new.id); return null; end $$;`,
    );
    this.addSql(
      `create or replace trigger seqr_invoice_changed after update on "seqr_invoice" for each row when ((old.state, old.reason, old.order_id, old.amount, old.ers_reference) is distinct from (new.state, new.reason, new.order_id, new.amount, new.ers_reference)) execute function seqr_invoice_changed();`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop trigger if exists seqr_invoice_changed on "seqr_invoice";`);
    this.addSql(`drop function if exists seqr_invoice_changed();`);
  }
}
