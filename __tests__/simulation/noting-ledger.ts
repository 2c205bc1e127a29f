import type { InvoiceRecord, Ledger } from "../../src/modules/seqr/ledger/ledger";
import { MemoryLedger, type LedgerCopy } from "../unit/modules/memory-ledger";

/** The ledger, with a note of each payment that was ever recorded as paid for an order, whatever became of it later. */
export class NotingLedger extends MemoryLedger {
  readonly completed = new Set<string>();

  override async transition(
    ...[id, to, ...change]: Parameters<Ledger["transition"]>
  ): Promise<InvoiceRecord | undefined> {
    const invoice = await super.transition(id, to, ...change);
    if (invoice && to === "completed") this.completed.add(id);
    return invoice;
  }

  override copy(): LedgerCopy & { completed: string[] } {
    return { ...super.copy(), completed: [...this.completed] };
  }

  override restore(copy: LedgerCopy & { completed: string[] }): void {
    super.restore(copy);
    this.completed.clear();
    for (const id of copy.completed) this.completed.add(id);
  }
}
