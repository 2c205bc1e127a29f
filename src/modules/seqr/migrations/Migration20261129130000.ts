import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Adds who entered SEQR's id of a lost period: such an id may have to be corrected. */
export class Migration20261129130000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(`alter table if exists "seqr_period" add column if not exists "entered_by" text null;`);
  }

  override async down(): Promise<void> {
    this.addSql(`alter table if exists "seqr_period" drop column if exists "entered_by";`);
  }
}
