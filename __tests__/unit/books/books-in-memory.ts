import { MemoryLedger } from "../modules/memory-ledger";
import { MemoryReconciliation } from "../modules/memory-reconciliation";
import type { BooksUnderTest } from "./books-world";

/** Ledger and books without a database, and without rows. */
export function inMemory(): BooksUnderTest {
  const ledger = new MemoryLedger({ now: () => new Date() });
  const books = new MemoryReconciliation(ledger);
  const { periods, rows, items } = books.tables;
  const change = <Row extends { id: string }>(all: Row[], id: string, patch: Partial<Row>): void => {
    const row = all.find((one) => one.id === id);
    if (!row) throw new Error(`there is no ${id}`);
    Object.assign(row, patch);
  };
  return {
    ledger,
    books,
    addPeriod: async (period) => void periods.push({ ...period }),
    changePeriod: async (id, patch) => change(periods, id, patch),
    addRows: async (added) => void rows.push(...added),
    deleteRows: async (periodId) => {
      const others = rows.filter(({ period_id }) => period_id !== periodId);
      rows.length = 0;
      rows.push(...others);
    },
    itemsOf: async (periodId) =>
      items
        .filter(({ period_id }) => period_id === periodId)
        .sort((a, b) => a.number - b.number)
        .map((item) => ({ ...item })),
    changeItem: async (id, patch) => change(items, id, patch),
  };
}
