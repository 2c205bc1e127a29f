import type { BooksAttention, BooksDecision } from "../../../src/modules/seqr/books/books-attention";
import type { ItemRecord, PeriodRecord } from "../../../src/modules/seqr/books/books-ledger";
import type { NewPeriodDecision } from "../../../src/modules/seqr/books/period-store";
import type { PeriodTables } from "./memory-periods";

/** What the attention list says of the books, without a database. */
export class MemoryBooksAttention implements BooksAttention {
  constructor(private readonly tables: PeriodTables) {}

  async periodsOf(ids: readonly string[]): Promise<PeriodRecord[]> {
    return this.tables.periods.filter(({ id }) => ids.includes(id));
  }

  async itemsOf(ids: readonly string[]): Promise<ItemRecord[]> {
    return this.tables.items.filter(({ id }) => ids.includes(id));
  }

  async decisionsOf(periodIds: readonly string[]): Promise<BooksDecision[]> {
    return this.tables.decisions
      .filter(({ period_id }) => periodIds.includes(period_id))
      .map((decision, index) => ({ ...decision, id: `seqrdec_${index}` }));
  }

  async acceptItem(decision: NewPeriodDecision): Promise<ItemRecord | undefined> {
    const item = this.tables.items.find(({ id }) => id === decision.subject);
    if (!item?.is_open || item.period_id !== decision.period_id) return undefined;
    this.tables.decisions.push(decision);
    const { actor_id, decided_at, reason } = decision;
    const accepted = { accepted_by: actor_id, accepted_at: decided_at, accepted_reason: reason };
    return Object.assign(item, { is_open: false, ...accepted });
  }
}
