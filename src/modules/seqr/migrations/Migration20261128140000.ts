import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** Finds what was observed long ago, to be deleted. */
export class Migration20261128140000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_observation_observed_at" ON "seqr_observation" ("observed_at") WHERE deleted_at IS NULL;`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop index if exists "IDX_seqr_observation_observed_at";`);
  }
}
