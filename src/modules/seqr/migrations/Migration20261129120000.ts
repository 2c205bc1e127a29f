import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Each index, and the statement that makes it. */
const INDEXES = {
  IDX_seqr_invoice_created_at: `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_created_at" ON "seqr_invoice" ("created_at", "id") WHERE deleted_at IS NULL;`,
  IDX_seqr_invoice_terminal_created_at: `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_terminal_created_at" ON "seqr_invoice" ("terminal", "currency_code", "created_at", "id") WHERE deleted_at IS NULL;`,
  IDX_seqr_invoice_state_created_at: `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_state_created_at" ON "seqr_invoice" ("state", "created_at", "id") WHERE problem is null AND deleted_at IS NULL;`,
  IDX_seqr_invoice_problem_created_at: `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_problem_created_at" ON "seqr_invoice" ("state", "created_at", "id") WHERE problem is not null AND deleted_at IS NULL;`,
  IDX_seqr_refund_state_requested_at: `CREATE INDEX IF NOT EXISTS "IDX_seqr_refund_state_requested_at" ON "seqr_refund" ("state", "requested_at", "id") WHERE deleted_at IS NULL;`,
};

/** Adds the indexes with which payments and refunds are listed, however many there are. */
export class Migration20261129120000 extends Migration {
  override async up(): Promise<void> {
    for (const statement of Object.values(INDEXES)) this.addSql(statement);
  }

  override async down(): Promise<void> {
    for (const name of Object.keys(INDEXES)) this.addSql(`drop index if exists "${name}";`);
  }
}
