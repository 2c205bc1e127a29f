import { generateEntityId } from "@medusajs/framework/utils";
import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { BooksAttention, BooksDecision } from "./books-attention";
import type { ItemRecord, PeriodRecord } from "./books-ledger";
import type { NewPeriodDecision } from "./period-store";

const ITEM = "seqr_reconciliation_item";
const DECISION = "seqr_decision";

/** What the attention list says of the books, in PostgreSQL. */
export class PostgresBooksAttention implements BooksAttention {
  constructor(private readonly db: Knex) {}

  async periodsOf(ids: readonly string[]): Promise<PeriodRecord[]> {
    return this.db("seqr_period")
      .whereNull("deleted_at")
      .whereIn("id", [...ids])
      .select<PeriodRecord[]>("*");
  }

  async itemsOf(ids: readonly string[]): Promise<ItemRecord[]> {
    return this.db(ITEM)
      .whereNull("deleted_at")
      .whereIn("id", [...ids])
      .select<ItemRecord[]>("*");
  }

  async decisionsOf(periodIds: readonly string[]): Promise<BooksDecision[]> {
    return this.db(DECISION)
      .whereNull("deleted_at")
      .whereIn("period_id", [...periodIds])
      .orderBy("decided_at")
      .select<BooksDecision[]>("*");
  }

  async acceptItem(decision: NewPeriodDecision): Promise<ItemRecord | undefined> {
    const { subject, period_id, actor_id, decided_at, reason } = decision;
    return this.db.transaction(async (transaction) => {
      const [accepted] = await transaction(ITEM)
        .whereNull("deleted_at")
        .where({ id: subject, period_id, is_open: true })
        .update({
          is_open: false,
          ...{ accepted_by: actor_id, accepted_at: decided_at, accepted_reason: reason },
          updated_at: transaction.fn.now(),
        })
        .returning<ItemRecord[]>("*");
      if (!accepted) return undefined;
      await transaction(DECISION).insert({ ...decision, id: generateEntityId(undefined, "seqrdec") });
      return accepted;
    });
  }
}
