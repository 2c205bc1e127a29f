import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** SEQR's references are unique for each terminal, because two servers of SEQR may give the same one. */
const OLD = [
  ["seqr_invoice", "invoice_reference"],
  ["seqr_invoice", "ers_reference"],
  ["seqr_receipt", "ers_reference"],
] as const;

/** Lets terminals at different servers of SEQR have the same references. */
export class Migration20261129010000 extends Migration {
  override async up(): Promise<void> {
    for (const [table, column] of OLD) this.addSql(`drop index if exists "IDX_${table}_${column}_unique";`);
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_invoice_reference" ON "seqr_invoice" ("invoice_reference", "terminal_id", "terminal") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_ers_reference" ON "seqr_invoice" ("ers_reference", "terminal_id", "terminal") WHERE deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_receipt_ers_reference" ON "seqr_receipt" ("ers_reference", "invoice_id") WHERE deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    for (const [table, column] of OLD) {
      this.addSql(`drop index if exists "IDX_${table}_${column}";`);
      this.addSql(
        `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_${table}_${column}_unique" ON "${table}" ("${column}") WHERE deleted_at IS NULL;`,
      );
    }
  }
}
