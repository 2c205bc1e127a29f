import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** What a decision was made about; and a count of an invoice's problems, so that one that comes again is another one. */
export class Migration20261128073000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table if exists "seqr_decision" add column if not exists "subject" text not null default '';`,
    );
    this.addSql(
      `alter table if exists "seqr_invoice" add column if not exists "problem_no" integer not null default 0, add column if not exists "problem_about" text null;`,
    );
    this.addSql(
      `create or replace function seqr_invoice_problem() returns trigger language plpgsql as $$ begin new.problem_no = old.problem_no + 1; return new; end $$;`,
    );
    this.addSql(
      `create or replace trigger seqr_invoice_problem before update on "seqr_invoice" for each row when ((old.problem, old.problem_about) is distinct from (new.problem, new.problem_about)) execute function seqr_invoice_problem();`,
    );
  }

  override async down(): Promise<void> {
    this.addSql(`drop trigger if exists seqr_invoice_problem on "seqr_invoice";`);
    this.addSql(`drop function if exists seqr_invoice_problem();`);
    this.addSql(
      `alter table if exists "seqr_invoice" drop column if exists "problem_no", drop column if exists "problem_about";`,
    );
    this.addSql(`alter table if exists "seqr_decision" drop column if exists "subject";`);
  }
}
