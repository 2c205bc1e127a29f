import { Migration } from "@medusajs/framework/mikro-orm/migrations";

type Renamed = Readonly<Record<string, string>>;

const STATES: Renamed = {
  declined: "unacknowledged",
  settled: "completed",
  owed: "refund_due",
  returning: "refunding",
  returned: "refunded",
  waived: "closed_by_staff",
  void: "not_issued",
};
const ATTENTION_KINDS: Renamed = {
  settling: "order_pending",
  reversing: "awaiting_reversal",
  returning: "refunding",
  return_refused: "refund_refused",
};
const SOURCES: Renamed = { return: "browser" };

/** The states as they were called before this migration. */
const BEFORE = [
  ...["sending", "open", "canceling", "declined", "paid", "captured", "settled", "owed", "returning"],
  ...["returned", "waived", "canceled", "expired", "failed", "void"],
];

/** Renames states and kinds whose names mean something else in payments or in Medusa. No row changes its meaning. */
export class Migration20261128180000 extends Migration {
  override async up(): Promise<void> {
    this.#forget();
    this.#rename((names) => names);
    this.addSql(`alter table if exists "seqr_invoice" rename column "settled_at" to "completed_at";`);
    this.addSql(
      `update "seqr_refund" set "idempotency_key" = 'refund-' || "invoice_id" where "idempotency_key" = 'return-' || "invoice_id";`,
    );
    this.#declare((name) => STATES[name] ?? name);
  }

  override async down(): Promise<void> {
    this.#forget();
    this.#rename(inverted);
    this.addSql(`alter table if exists "seqr_invoice" rename column "completed_at" to "settled_at";`);
    this.addSql(
      `update "seqr_refund" set "idempotency_key" = 'return-' || "invoice_id" where "idempotency_key" = 'refund-' || "invoice_id";`,
    );
    this.#declare((name) => name);
  }

  /** What names states: the check of the column, and the conditions of partial indexes. */
  #forget(): void {
    this.addSql(`alter table if exists "seqr_invoice" drop constraint if exists "seqr_invoice_state_check";`);
    for (const index of ["payable", "live_cart", "unfinished"]) {
      this.addSql(`drop index if exists "IDX_seqr_invoice_${index}";`);
    }
  }

  #rename(direction: (names: Renamed) => Renamed): void {
    this.addSql(renaming("seqr_invoice", "state", direction(STATES)));
    this.addSql(renaming("seqr_decision", "kind", direction(ATTENTION_KINDS)));
    this.addSql(renaming("seqr_observation", "source", direction(SOURCES)));
  }

  #declare(nameOf: (state: string) => string): void {
    const oneOf = (...states: string[]): string =>
      `(${states.map((state) => `'${nameOf(state)}'`).join(", ")})`;
    this.addSql(
      `alter table if exists "seqr_invoice" add constraint "seqr_invoice_state_check" check("state" in ${oneOf(...BEFORE)});`,
    );
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_seqr_invoice_payable" ON "seqr_invoice" ("payment_collection_id") WHERE state in ${oneOf("sending", "open", "canceling", "declined")} and deleted_at is null;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_live_cart" ON "seqr_invoice" ("cart_id") WHERE state in ${oneOf("sending", "open", "canceling", "declined", "paid", "captured")} AND deleted_at IS NULL;`,
    );
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_seqr_invoice_unfinished" ON "seqr_invoice" ("state_since") WHERE (state in ${oneOf("declined", "paid", "captured", "owed", "returning")} or (problem is not null and state <> ${`'${nameOf("void")}'`})) AND deleted_at IS NULL;`,
    );
  }
}

function renaming(table: string, column: string, names: Renamed): string {
  const cases = Object.entries(names).map(([from, to]) => `when '${from}' then '${to}'`);
  const present = Object.keys(names).map((name) => `'${name}'`);
  return `update "${table}" set "${column}" = case "${column}" ${cases.join(" ")} end where "${column}" in (${present.join(", ")});`;
}

function inverted(names: Renamed): Renamed {
  return Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]));
}
