import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Each index, and the statement that makes it. */
const INDEXES = {
  IDX_seqr_invoice_disputed_reference: `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_disputed_reference" ON "seqr_invoice" ("disputed_reference") WHERE disputed_reference is not null AND deleted_at IS NULL;`,
  IDX_seqr_invoice_reversed: `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_reversed" ON "seqr_invoice" ("terminal_id", "amount") WHERE reason = 'reversed' AND deleted_at IS NULL;`,
  IDX_seqr_refund_made: `CREATE INDEX IF NOT EXISTS "IDX_seqr_refund_made" ON "seqr_refund" ("finished_at") WHERE state = 'done' AND deleted_at IS NULL;`,
  IDX_seqr_reconciliation_item_carried_to: `CREATE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_carried_to" ON "seqr_reconciliation_item" ("carried_to") WHERE carried_to is not null AND deleted_at IS NULL;`,
  IDX_seqr_reconciliation_item_refund: `CREATE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_refund" ON "seqr_reconciliation_item" ("period_id") WHERE kind = 'refund' and row_number is not null AND deleted_at IS NULL;`,
  IDX_seqr_reconciliation_item_proposed: `CREATE INDEX IF NOT EXISTS "IDX_seqr_reconciliation_item_proposed" ON "seqr_reconciliation_item" ("refund_id") WHERE cause = 'perhaps_unknown_refund' AND deleted_at IS NULL;`,
};

/** Adds the indexes with which a period of a large ledger is reconciled. */
export class Migration20261129110000 extends Migration {
  override async up(): Promise<void> {
    for (const statement of Object.values(INDEXES)) this.addSql(statement);
  }

  override async down(): Promise<void> {
    for (const name of Object.keys(INDEXES)) this.addSql(`drop index if exists "${name}";`);
  }
}
